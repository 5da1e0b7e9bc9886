import ArgumentParser
import Datasets
import Foundation
import Torch
import Training

/// What a step, a run and generation share: the network's size and how it computes.
struct NetworkOptions: ParsableArguments {
  @Option(help: "Side of the square images.") var pixels = 64
  @Option(help: "Filters of the generator's first layer; the discriminator has as many.") var filters = 64
  @Option(help: "Residual blocks (default 9 from 256 pixels on, else 6).") var blocks: Int?
  @Option(name: .customLong("batch"), help: "Images per step.") var batchSize = 1
  @Option(help: "fp32 or bf16.") var precision = TrainingPrecision.float32
  @Option(help: "Threads (default: all cores).") var threads: Int?

  var type: DataType { precision == .float32 ? .float32 : .bfloat16 }

  /// The published settings at this size, for images of three channels.
  func configuration(
    _ source: TrainingSource = .folders(a: "", b: ""), imagesHash: String = "", loadSize: Int? = nil
  ) -> CycleGANConfiguration {
    var result = CycleGANConfiguration(
      source: source, imagesHash: imagesHash, transform: ImageTransform(size: pixels, loadSize: loadSize, channels: 3),
      threads: threads ?? Runtime.threadCount)
    result.filters = filters
    result.discriminatorFilters = filters
    if let blocks { result.blocks = blocks }
    result.batchSize = batchSize
    result.precision = precision
    return result
  }

  func setThreads() throws {
    if let threads { try Runtime.setThreadCount(threads) }
  }

  /// Noise in [−1, 1]. Shape: [batch, 3, pixels, pixels].
  func randomImages(seed: UInt64) throws -> Tensor {
    try Tensor.uniform([batchSize, 3, pixels, pixels], low: -1, high: 1, generator: Generator(seed: seed))
  }
}

extension TrainingPrecision: ExpressibleByArgument {}
