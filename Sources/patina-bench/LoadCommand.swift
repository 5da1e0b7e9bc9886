import ArgumentParser
import Datasets
import Foundation
import Torch

struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Decodes, crops and flips the images of both domains into tensors.",
    discussion: """
      Each request is a pass of its own that finds nothing decoded in memory. Answers
      carry the number of distinct files: one that B's lot draws twice counts once.

      Examples:
        echo run | patina-bench load --a cleans --b defects --count 300
        echo run | patina-bench load --a cleans --b defects --count 300 --load-size 286
      """)

  @Option(name: .customLong("a"), help: "A folder of images.") var folderA: String
  @Option(name: .customLong("b"), help: "Another folder of images.") var folderB: String
  @Option(help: "Images of each domain in a pass.") var count: Int
  @Option(help: "Side of the crop.") var pixels = 256
  @Option(help: "The short side is resized to this first (default: native scale).") var loadSize: Int?
  @Option(name: .customLong("batch"), help: "Images of each domain per batch.") var batchSize = 8
  @Option(help: "Threads (default: all cores).") var threads: Int?

  func run() throws {
    if let threads { try Runtime.setThreadCount(threads) }
    let (a, b) = (try files(folderA), try files(folderB))
    let transform = ImageTransform(size: pixels, loadSize: loadSize, channels: 3)
    var pass: UInt64 = 0
    let loading = threads ?? ProcessInfo.processInfo.activeProcessorCount
    try Worker.serve {
      pass += 1
      let loader = try UnpairedLoader(a: a, b: b, transform: transform, batchSize: batchSize, seed: pass)
      let steps = 0..<max(1, count / batchSize)
      let batches = Prefetcher(steps: steps, threads: loading) { try loader.batch(step: $0) }
      var seen: (a: Set<Int>, b: Set<Int>) = ([], [])
      for step in steps {
        let batch = try batches.next()
        _ = (try batch.a.tensor(), try batch.b.tensor())
        let chosen = loader.indices(step: step)
        seen.a.formUnion(chosen.a)
        seen.b.formUnion(chosen.b)
      }
      return [Double(seen.a.count + seen.b.count)]
    }
  }

  private func files(_ folder: String) throws -> FileList {
    FileList(folder: folder, names: try FileManager.default.contentsOfDirectory(atPath: folder).sorted())
  }
}
