import ArgumentParser
import Datasets
import Torch
import Training

/// The size of a network and how its device is used; batches and weights follow from the seed alone.
struct StepSettings: ParsableArguments {
  enum Layout: String, ExpressibleByArgument { case rowMajor = "row-major", channelsLast = "channels-last" }

  @Option var device = "cpu"
  @Option var precision = TrainingPrecision.float32
  @Option(help: "By default what training takes on the device.") var layout: Layout?
  @Flag(inversion: .prefixedNo) var tf32 = true
  @Flag(inversion: .prefixedNo, help: "Let cuDNN time its algorithms.") var timing = true
  @Option(help: "Side of the images in pixels.") var size = 64
  @Option var filters = 32
  @Option var blocks = 6
  @Option var batch = 1
  @Option var threads = Runtime.threadCount

  func trainer() throws -> CycleGANTrainer {
    var configuration = CycleGANConfiguration(
      source: .folders(a: "", b: ""), imagesHash: "",
      transform: ImageTransform(size: size, loadSize: nil, channels: 3), threads: threads)
    configuration.filters = filters
    configuration.discriminatorFilters = filters
    configuration.blocks = blocks
    configuration.batchSize = batch
    configuration.device = device
    configuration.precision = precision
    var execution = TrainingExecution(on: try Device(device))
    if let layout { execution.channelsLast = layout == .channelsLast }
    execution.defersChecks = true
    execution.timesAlgorithms = timing
    execution.allowsTF32 = tf32
    try Runtime.setThreadCount(threads)
    return try CycleGANTrainer(configuration, execution: execution)
  }

  /// Noise in [−1, 1] in place of images, on the host.
  func pixels(seed: UInt64) throws -> PixelBatch {
    let shape = [batch, 3, size, size]
    let noise = try Tensor.uniform(shape, low: -1, high: 1, generator: Generator(seed: seed))
    return PixelBatch(values: try noise.floats(), shape: shape)
  }
}

extension TrainingPrecision: ExpressibleByArgument {}
