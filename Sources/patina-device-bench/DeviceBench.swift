import ArgumentParser
import Foundation

/// For a machine with a GPU: one step for comparison, and workers that are timed from outside.
@main
struct DeviceBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patina-device-bench", abstract: "Workers that compare and time another device; started by scripts.",
    subcommands: [DevicesCommand.self, ParityCommand.self, WorkerCommand.self])

  /// One JSON object in one line on standard output, at once.
  static func answer(_ object: [String: any Sendable]) throws {
    let json = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    try FileHandle.standardOutput.write(contentsOf: json + Data("\n".utf8))
  }
}
