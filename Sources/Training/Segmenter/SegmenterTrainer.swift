import Datasets
import Images
import Models
import Torch

/// A segmenter's run in its folder.
public typealias SegmenterRun = SupervisedRun<SegmenterTrainer>

/// Trains a U-Net on windows of images with masks for a fixed number of steps.
public final class SegmenterTrainer {
  public let model: UNet
  private let configuration: SegmenterConfiguration
  private let loader: SegmentationLoader
  private let device: Device
  private let descent: SupervisedDescent

  /// - Parameter seed: of the initial weights; the windows follow from the loader's.
  public init(
    _ configuration: SegmenterConfiguration, loader: SegmentationLoader, seed: UInt64, device: Device = .cpu
  ) throws {
    let classes = loader.images.classNames.count
    try configuration.check(size: loader.size, classes: classes)
    self.configuration = configuration
    self.loader = loader
    self.device = device
    model = try UNet(
      channels: loader.channels, classes: classes, width: configuration.width, depth: configuration.depth,
      upsampling: configuration.upsampling, generator: Generator(seed: seed))
    try TrainingExecution(on: device).configure(device)
    try model.move(to: device)
    descent = try SupervisedDescent(
      model, steps: configuration.steps, learningRate: configuration.learningRate,
      weightDecay: configuration.weightDecay, schedule: configuration.schedule)
    // The bias starts at what the loader shows: no steps are lost on learning that most pixels are background.
    try model.setPrior(loader.pixelShares())
  }

  /// Trains all steps that are left.
  ///
  /// - Parameter onStep: called after each step with the completed steps and the loss.
  public func train(onStep: (Int, Double) throws -> Void = { _, _ in }) throws {
    let batches = Prefetcher(steps: step..<configuration.steps, make: makeBatch)
    while step < configuration.steps {
      let loss = try train(batches.next())
      try onStep(step, loss)
    }
  }

  /// What it says of a whole image of any size, by its running statistics.
  public func answer(for image: Image) throws -> TrainedSegmenter.Answer {
    try model.setTraining(false)
    return try model.answer(
      for: image, channels: loader.channels, type: configuration.precision.dataType, on: device)
  }
}

/// One step at a time, for `SupervisedRun`.
extension SegmenterTrainer: SupervisedTrainer {
  public static var kind: String { "segmenter" }

  public convenience init(_ configuration: SegmenterRunConfiguration, on images: LabelledImages) throws {
    try configuration.check()
    let loader = try SegmentationLoader(
      images: images, size: configuration.size, channels: configuration.channels,
      defectShare: configuration.defectShare, turns: configuration.turns,
      batchSize: configuration.segmenter.batchSize, seed: configuration.seed)
    try self.init(
      configuration.segmenter, loader: loader, seed: configuration.seed, device: configuration.chosenDevice())
  }

  /// Completed steps.
  public var step: Int { descent.step }
  public var currentRate: Double { descent.currentRate }
  public var makeBatch: @Sendable (Int) throws -> SegmentationLoader.Batch {
    let loader = loader
    return { try loader.batch(step: $0) }
  }

  public func train(_ batch: SegmentationLoader.Batch) throws -> Double {
    try train(batch.pixels.tensor(on: device), batch.labelTensor(on: device))
  }

  /// One step on windows that are tensors already.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1], int64 [N, H, W].
  /// - Returns: the loss before the step.
  public func train(_ pixels: Tensor, _ labels: Tensor) throws -> Double {
    try model.setTraining(true)
    return try descent.descend("segmenter") { try loss(logits(pixels), labels) }
  }

  /// In the configuration's precision. Shapes: [N, C, H, W] → [N, classes, H, W], float32.
  public func logits(_ pixels: Tensor) throws -> Tensor {
    try withAutocast(configuration.precision.dataType, on: device) { try model(pixels) }.converted(to: .float32)
  }

  /// What is minimised.
  public func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor { try configuration.loss(logits, labels) }

  public func checkpoint() throws -> Checkpoint { try descent.checkpoint() }
  public func restore(_ checkpoint: Checkpoint) throws { try descent.restore(checkpoint) }
}

extension SegmentationLoader.Batch {
  /// Shapes: int64 [N, H, W].
  public func labelTensor(on device: Device = .cpu) throws(TorchError) -> Tensor {
    let shape = pixels.shape
    return try Tensor(labels, shape: [shape[0], shape[2], shape[3]], device: device).converted(to: .int64)
  }
}

/// Everything that decides a run of a segmenter: what it learns from, the windows, and the training.
public struct SegmenterRunConfiguration: SupervisedConfiguration {
  public var source: LabelledSource
  /// Side of the windows, in pixels at native scale.
  public var size: Int
  /// 1 grey, 3 colour.
  public var channels: Int
  /// Of the windows, how many show a defect for sure, its classes in even turns.
  public var defectShare = 0.5
  /// Whether windows are mirrored and turned by quarters.
  public var turns = true
  public var segmenter = SegmenterConfiguration()
  public var seed: UInt64 = 0
  public var threads: Int
  public var device: String?
  public var checkpointInterval = 100

  public var steps: Int { segmenter.steps }

  public init(source: LabelledSource, size: Int, channels: Int, threads: Int) {
    self.source = source
    self.size = size
    self.channels = channels
    self.threads = threads
  }

  public func check() throws {
    try checkCommon()
    try segmenter.check(size: size, classes: source.classNames.count)
    try require([1, 3].contains(channels), "channels", "1 or 3", channels)
    try require((0...1).contains(defectShare), "defect share", "0 to 1", defectShare)
  }

  func model(generator: Generator) throws -> UNet {
    try UNet(
      channels: channels, classes: source.classNames.count, width: segmenter.width, depth: segmenter.depth,
      upsampling: segmenter.upsampling, generator: generator)
  }
}
