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
  private let optimizer: Adam
  private let classWeights: Tensor?

  /// - Parameters:
  ///   - classes: how many, clean included.
  ///   - classWeights: factors on the loss of each class; nil for equal ones.
  ///   - seed: of the initial weights; the order of images follows from the loader's.
  public init(
    _ configuration: ClassifierConfiguration, loader: LabelledLoader, classes: Int, classWeights: [Double]? = nil,
    seed: UInt64
  ) throws {
    try configuration.check(at: "classifier")
    self.configuration = configuration
    self.loader = loader
    model = try ResNet18(
      channels: loader.transform.channels, classes: classes, width: configuration.width, stem: configuration.stem,
      generator: Generator(seed: seed))
    self.classWeights = try classWeights.map { try Tensor($0.map { Float($0) }) }
    optimizer = Adam(
      try NamedParameters(model), learningRate: configuration.learningRate, weightDecay: configuration.weightDecay,
      decoupled: true)
    // The bias starts at what the loss makes of the sampled classes: no steps are lost on learning their shares.
    var mass = [Double](repeating: 1, count: classes)  // one each, so that none is empty
    if loader.sampling == .natural {
      for sample in loader.samples { mass[sample.label] += 1 }
    }
    if let classWeights { mass = zip(mass, classWeights).map { $0 * $1 } }
    let total = mass.reduce(0, +)
    try model.setPrior(mass.map { $0 / total })
  }

  /// Trains all steps; the rate falls along half a cosine to 0 (Loshchilov and Hutter, ICLR 2017, equation 5).
  ///
  /// - Parameter onStep: called after each step with the completed steps and the loss.
  public func train(onStep: (Int, Double) throws -> Void = { _, _ in }) throws {
    try model.setTraining(true)
    let loader = loader
    let batches = Prefetcher(steps: 0..<configuration.steps) { try loader.batch(step: $0) }
    let schedule = LearningRateSchedule.cosine(epochs: configuration.steps)
    for step in 0..<configuration.steps {
      let batch = try batches.next()
      optimizer.learningRate = configuration.learningRate * schedule.factor(at: step)
      let loss = try crossEntropyLoss(
        model(batch.pixels.tensor()), Tensor(batch.labels), weight: classWeights)
      let value = try loss.item()
      guard value.isFinite else {
        throw TorchError(.operation, "the classifier's loss became \(value) in step \(step + 1)")
      }
      try optimizer.zeroGradients()
      try loss.backward()
      try optimizer.step()
      try onStep(step + 1, value)
    }
  }

  /// Softmax scores of each sample, in order. Whole set, running statistics, no chance.
  public func scores(_ samples: [LabelledLoader.Sample], batchSize: Int = 64) throws -> [[Double]] {
    guard !samples.isEmpty else { return [] }
    try model.setTraining(false)
    let evaluation = try loader.evaluating(samples)
    var result: [[Double]] = []
    for start in stride(from: 0, to: samples.count, by: batchSize) {
      let batch = try evaluation.evaluationBatch(start..<min(start + batchSize, samples.count))
      let scores = try withoutGradients { try model(batch.pixels.tensor()).softmax(1) }
      let (rows, classes) = (scores.shape[0], scores.shape[1])
      let values = try scores.elements(as: Double.self)
      for row in 0..<rows { result.append(Array(values[row * classes..<(row + 1) * classes])) }
    }
    return result
  }
}
