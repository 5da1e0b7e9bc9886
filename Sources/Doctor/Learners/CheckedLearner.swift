import Images
import Layers
import Torch

/// A network that learns from labelled samples, as the checks see it: a classifier, a segmenter, or somebody's own.
public protocol CheckedLearner: AnyObject {
  var network: any Module { get }
  /// What it says of each sample, or of each pixel, before any softmax; in the mode that the network was set to.
  ///
  /// Shapes: [N, C, H, W] → [N, classes] or [N, classes, H, W].
  func logits(_ inputs: Tensor) throws -> Tensor
  /// The mean loss, in nats.
  func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor
  /// One step of its optimizer in training mode.
  ///
  /// - Returns: the loss before the step.
  func learn(_ inputs: Tensor, _ labels: Tensor) throws -> Double
}

/// Samples as they go into a network.
public struct LabelledTensors {
  /// [N, C, H, W].
  public let inputs: Tensor
  /// int64, [N] or [N, H, W].
  public let labels: Tensor

  public init(inputs: Tensor, labels: Tensor) {
    self.inputs = inputs
    self.labels = labels
  }

  var count: Int { inputs.shape[0] }

  /// The first samples.
  func prefix(_ count: Int) throws -> LabelledTensors {
    let count = min(count, self.count)
    return LabelledTensors(inputs: try inputs.sliced(0, 0..<count), labels: try labels.sliced(0, 0..<count))
  }
}

/// What makes learners and shows them samples: all that checks need of a training.
public struct LearnerSubject {
  /// The clean class first.
  public var classNames: [String]
  /// The share of each class among the labels that are trained on.
  public var classShares: [Double]
  /// A learner that has not learned anything: the same seed gives the same weights. The width is a factor on its filters.
  public var make: (_ seed: UInt64, _ width: Int) throws -> any CheckedLearner
  /// The training batch of a step.
  public var batch: (_ step: Int) throws -> LabelledTensors
  /// The values that inputs may have.
  public var inputRange = -1.0...1.0
  /// Whether the loss is the mean cross entropy, which then is checked itself; not so with weights of classes, or Dice.
  public var isCrossEntropy = true
  /// What the pictures of a step's batch should look like, decoded by other means; nil where there are none.
  public var pictures: ((_ step: Int) throws -> [Image])?
  /// How the training is evaluated; nil where that is not known.
  public var evaluation: Evaluation?

  public struct Evaluation {
    /// Of the held-out set, in order.
    public var samples: LabelledTensors
    /// The share of samples (or pixels) that are called rightly, as the training's own evaluation has it.
    public var accuracy: (any CheckedLearner) throws -> Double

    public init(samples: LabelledTensors, accuracy: @escaping (any CheckedLearner) throws -> Double) {
      self.samples = samples
      self.accuracy = accuracy
    }
  }

  public init(
    classNames: [String], classShares: [Double],
    make: @escaping (_ seed: UInt64, _ width: Int) throws -> any CheckedLearner,
    batch: @escaping (_ step: Int) throws -> LabelledTensors
  ) {
    self.classNames = classNames
    self.classShares = classShares
    self.make = make
    self.batch = batch
  }
}
