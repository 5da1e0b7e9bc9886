import Datasets
import Layers
import Models
import Optimizers
import Torch

/// Trains a ResNet-18 on labelled images for a fixed number of steps, and scores images with it.
public final class ClassifierTrainer {
  public let model: ResNet18
  private let configuration: ClassifierConfiguration
  private let loader: LabelledLoader
  private let device: Device
  private let descent: SupervisedDescent
  private let classWeights: Tensor?

  /// - Parameters:
  ///   - classes: how many, clean included.
  ///   - classWeights: factors on the loss of each class; nil for equal ones.
  ///   - seed: of the initial weights; the order of images follows from the loader's.
  ///   - backbone: weights to begin with, all but the last layer's; nil for random ones.
  ///   - device: where it trains and scores.
  public init(
    _ configuration: ClassifierConfiguration, loader: LabelledLoader, classes: Int, classWeights: [Double]? = nil,
    seed: UInt64, backbone: Safetensors? = nil, device: Device = .cpu
  ) throws {
    try configuration.check(at: "classifier")
    self.configuration = configuration
    self.loader = loader
    self.device = device
    model = try ResNet18(
      channels: loader.transform.channels, classes: classes, width: configuration.width, stem: configuration.stem,
      generator: Generator(seed: seed))
    if let backbone { try model.loadBackbone(backbone) }
    try TrainingExecution(on: device).configure(device)
    try model.move(to: device)
    self.classWeights = try classWeights.map { try Tensor($0.map { Float($0) }, device: device) }
    descent = try SupervisedDescent(
      model, steps: configuration.steps, learningRate: configuration.learningRate,
      weightDecay: configuration.weightDecay, schedule: configuration.schedule)
    // The bias starts at what the loss makes of the sampled classes: no steps are lost on learning their shares.
    var mass = [Double](repeating: 1, count: classes)  // one each, so that none is empty
    if loader.sampling == .natural {
      for sample in loader.samples { mass[sample.label] += 1 }
    }
    if let classWeights { mass = zip(mass, classWeights).map { $0 * $1 } }
    let total = mass.reduce(0, +)
    try model.setPrior(mass.map { $0 / total })
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

  /// Softmax scores of each sample, in order. Whole set, running statistics, no chance.
  public func scores(_ samples: [LabelledLoader.Sample], batchSize: Int = 64) throws -> [[Double]] {
    try model.scores(samples, loader, batchSize: batchSize, on: device)
  }
}

/// One step at a time, for `SupervisedRun`.
extension ClassifierTrainer {
  /// Completed steps.
  public var step: Int { descent.step }
  public var currentRate: Double { descent.currentRate }
  public var makeBatch: @Sendable (Int) throws -> LabelledLoader.Batch {
    let loader = loader
    return { try loader.batch(step: $0) }
  }

  public func train(_ batch: LabelledLoader.Batch) throws -> Double {
    try train(batch.pixels.tensor(on: device), Tensor(batch.labels, device: device))
  }

  /// One step on samples that are tensors already.
  ///
  /// Shapes: [N, C, H, W] in [−1, 1], int64 [N].
  /// - Returns: the loss before the step.
  public func train(_ pixels: Tensor, _ labels: Tensor) throws -> Double {
    try model.setTraining(true)
    return try descent.descend("classifier") { try loss(logits(pixels), labels) }
  }

  /// In the configuration's precision. Shapes: [N, C, H, W] → [N, classes], float32.
  public func logits(_ pixels: Tensor) throws -> Tensor {
    try withAutocast(configuration.precision.dataType, on: device) { try model(pixels) }.converted(to: .float32)
  }

  /// What is minimised: the mean cross entropy, weighted where classes are.
  public func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor {
    try crossEntropyLoss(logits, labels, weight: classWeights)
  }

  public func checkpoint() throws -> Checkpoint { try descent.checkpoint() }
  public func restore(_ checkpoint: Checkpoint) throws { try descent.restore(checkpoint) }
}

extension ResNet18 {
  /// Softmax scores of each sample, in order, by the running statistics and a loader's way of showing images.
  func scores(
    _ samples: [LabelledLoader.Sample], _ loader: LabelledLoader, batchSize: Int = 64, on device: Device = .cpu,
    progress: (Int) -> Void = { _ in }
  ) throws -> [[Double]] {
    guard !samples.isEmpty else { return [] }
    try setTraining(false)
    let evaluation = try loader.evaluating(samples)
    var result: [[Double]] = []
    for start in stride(from: 0, to: samples.count, by: batchSize) {
      let batch = try evaluation.evaluationBatch(start..<min(start + batchSize, samples.count))
      result += try scores(of: batch.pixels.tensor(on: device))
      progress(result.count)
    }
    return result
  }

  /// Softmax scores of each image: one per class. Shapes: [N, C, H, W] → N rows.
  func scores(of pixels: Tensor) throws -> [[Double]] {
    let scores = try withoutGradients { try self(pixels).softmax(1) }
    let (rows, classes) = (scores.shape[0], scores.shape[1])
    let values = try scores.elements(as: Double.self)
    return (0..<rows).map { Array(values[$0 * classes..<($0 + 1) * classes]) }
  }
}
