import ArgumentParser
import Files
import Foundation
import Torch

/// Patina's side of benchmarks: each command is a worker that a driver starts and asks for one unit of work at a time.
@main
struct PatinaBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patina-bench",
    abstract: "Workers that benchmarks measure: one unit of work for each line read.",
    discussion: """
      step, generate and load answer requests: each line "run" on the standard input
      does the work once, and one line of JSON with its seconds is the answer. The end
      of the input ends the worker.

      Examples:
        echo run | patina-bench step --pixels 64 --filters 32 --blocks 6 --batch 8
        echo run | patina-bench generate --pixels 256 --precision bf16
        echo run | patina-bench load --a cleans --b defects --count 100
        patina-bench train --a cleans --b defects --pixels 64 --epochs 10
        patina-bench floor --pixels 64 --filters 32 --blocks 6 --batch 8
      """,
    subcommands: [StepCommand.self, GenerateCommand.self, LoadCommand.self, TrainCommand.self, FloorCommand.self])

  static func main() {
    Runtime.keepFreedMemory()  // as `patina` does
    do {
      var command = try parseAsRoot()
      if let mismatch = Runtime.versionMismatch() { throw TorchError(.operation, mismatch) }
      try command.run()
    } catch {
      let isTorch = error is TorchError
      guard !isTorch, !(error is InputError) else {
        FileHandle.standardError.write(Data("error: \(error)\n".utf8))
        Foundation.exit(isTorch ? 1 : 2)
      }
      exit(withError: error)
    }
  }
}
