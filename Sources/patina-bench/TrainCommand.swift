import ArgumentParser
import Files
import Foundation
import Torch
import Training

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Trains as `patina train cyclegan` does and reports time and memory on the way.",
    discussion: """
      A line of JSON after the first step, after each epoch and after the last step.
      The run's folder is a temporary one.

      Examples:
        patina-bench train --a cleans --b defects --pixels 64 --filters 32 --epochs 10
        patina-bench train --a cleans --b defects --pixels 32 --filters 8 --steps 20
      """)

  @OptionGroup var network: NetworkOptions
  @Option(name: .customLong("a"), help: "A folder of clean images.") var folderA: String
  @Option(name: .customLong("b"), help: "A folder of defective images.") var folderB: String
  @Option(help: "Epochs.") var epochs = 1
  @Option(help: "Steps, in place of epochs.") var steps: Int?

  private struct Progress: Encodable {
    let step: Int
    /// Since the command began.
    let seconds: Double
    let residentBytes: Int
    let peakBytes: Int
  }

  func run() throws {
    let start = ContinuousClock.now
    try network.setThreads()
    let source = TrainingSource.folders(a: folderA, b: folderB)
    let images = try UnpairedImages(source)
    var configuration = network.configuration(source, imagesHash: images.hash)
    configuration.length = steps.map(TrainingLength.steps) ?? TrainingLength(.epochs, constant: epochs, decay: 0)
    let epoch = max(1, max(images.clean.count, images.defect.count) / configuration.batchSize)

    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patina-bench-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let training = try CycleGANRun.start(configuration, images: images, in: folder)
    var failure: (any Error)?
    try training.train(shouldStop: { failure != nil }) { step, _ in
      guard step == 1 || step % epoch == 0 || step == training.totalSteps else { return }
      do {
        let memory = try ProcessMemory.current()
        try Worker.write(
          Progress(
            step: step, seconds: (ContinuousClock.now - start) / .seconds(1), residentBytes: memory.resident,
            peakBytes: memory.peak))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
