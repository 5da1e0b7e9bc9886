import Foundation
import Metrics
import Optimizers
import Layers
import Randomness
import Runs
import Torch

/// What needs no network: the class shares, or a linear model of small pictures (of pixels, where labels are of pixels).
struct DumbBaselines {
  let held: LabelledTensors
  /// Named figures that a network has to beat.
  let figures: [(name: String, value: Double)]
  /// "average precision of any defect" or "Dice of any defect".
  let figure: String

  private static let steps = 200
  /// From here on a task is solved, whatever else solves it.
  private static let perfect = 0.98
  /// Side of the small pictures.
  private static let side = 16

  /// - Parameter train: what the linear model learns from.
  init(train: [LabelledTensors], held: LabelledTensors, seed: UInt64) throws {
    self.held = held
    let isPixels = held.labels.rank > 1
    let positives = try held.labels.greater(0).converted(to: .float64).mean().item()
    let scores = try Self.linear(train, held, isPixels: isPixels, seed: seed)
    if isPixels {
      figure = "Dice of any defect"
      figures = [
        ("the empty mask", 0), ("all of the picture", 2 * positives / (1 + positives)),
        ("a linear model of pixels", try Self.dice(scores.greater(0), held)),
      ]
    } else {
      figure = "average precision of any defect"
      figures = [
        ("the majority class", positives),
        ("a linear model of small pictures", try Self.averagePrecision(scores, held)),
      ]
    }
  }

  /// The same figure of a network's logits for the held-out samples.
  func value(logits: Tensor) throws -> Double {
    held.labels.rank > 1
      ? try Self.dice(logits.argmax(1).greater(0), held)
      : try Self.averagePrecision(1 - logits.softmax(1).selected(1, 0), held)
  }

  func outcome(_ value: Double, _ what: String) -> Outcome {
    var measures: [CheckResult.Measure] = [.init("\(figure), \(what)", value, "above all others")]
    measures += figures.map { .init("of \($0.name)", $0.value) }
    measures.append(.init("held-out samples", Double(held.count)))
    let top = figures.map(\.value).max() ?? 0
    // At the top there is nothing left to beat; a hair above chance is chance.
    guard let best = figures.max(by: { $0.value < $1.value }), let chance = figures.first?.value,
      value < Self.perfect, value <= max(best.value, chance + 0.05 * (1 - chance))
    else {
      return Outcome(.pass, "\(figure): \(value.short); what needs no network reaches \(top.short)", measures: measures)
    }
    return Outcome(
      .warn, "\(figure): \(value.short), and \(best.value.short) by \(best.name)", measures: measures)
  }

  /// Higher for defects. Shapes: [N] or [N, H, W].
  private static func linear(
    _ train: [LabelledTensors], _ held: LabelledTensors, isPixels: Bool, seed: UInt64
  ) throws -> Tensor {
    func features(_ inputs: Tensor) throws -> Tensor {
      guard isPixels else {
        return try inputs.adaptiveAvgPool2d(height: side, width: side).flattened(1)  // [N, C · 16 · 16]
      }
      let means = try inputs.padded(2, .reflect).avgPool2d(5, stride: 1)
      return try Tensor.concatenated([inputs, means], 1)  // [N, 2C, H, W]
    }
    let inputs = try train.map { try features($0.inputs) }
    let labels = try train.map { try $0.labels.greater(0).converted(to: .float32) }
    guard let first = inputs.first else { return try held.labels.converted(to: .float32).zerosLike() }
    let model = try Linear(first.shape[1], 1, generator: Generator(seed: seed))
    func score(_ features: Tensor) throws -> Tensor {
      isPixels ? try model(features.permuted([0, 2, 3, 1])).squeezed(3) : try model(features).squeezed(1)
    }
    let optimizer = Adam(try NamedParameters(model), learningRate: 0.03, weightDecay: 1e-3)
    for step in 0..<steps {
      let place = step % inputs.count
      try optimizer.zeroGradients()
      try bceWithLogitsLoss(score(inputs[place]), labels[place]).backward()
      try optimizer.step()
    }
    return try withoutGradients { try score(features(held.inputs)) }
  }

  private static func averagePrecision(_ scores: Tensor, _ held: LabelledTensors) throws -> Double {
    let scores = try scores.detached().converted(to: .float64).elements(as: Double.self)
    let positives = try held.labels.greater(0).converted(to: .uint8).elements(as: UInt8.self).map { $0 != 0 }
    return try RankedScores(scores: scores, positives: positives).averagePrecision() ?? .nan
  }

  private static func dice(_ called: Tensor, _ held: LabelledTensors) throws -> Double {
    let truth = try held.labels.greater(0)
    let both = try called.and(truth).converted(to: .float64).sum().item()
    let all = try (called.converted(to: .float64) + truth.converted(to: .float64)).sum().item()
    return all == 0 ? 1 : 2 * both / all
  }
}

extension LearnerChecks {
  /// Steps after which a network should be better than what needs none.
  static let baselineSteps = 150

  func dumbBaselines() throws -> Outcome {
    guard let evaluation = subject.evaluation else { return .notRun("there are no held-out samples") }
    guard try evaluation.samples.labels.max().item() > 0 else { return .notRun("no held-out sample shows a defect") }
    let learner = try fresh()
    var batches: [LabelledTensors] = []
    for step in 0..<Self.baselineSteps {
      let batch = try subject.batch(step)
      if batches.count < 40 { batches.append(batch) }
      _ = try learner.learn(batch.inputs, batch.labels)
    }
    try learner.network.setTraining(false)
    let baselines = try DumbBaselines(train: batches, held: evaluation.samples, seed: seed)
    let logits = try withoutGradients {
      try Tensor.concatenated(
        (0..<evaluation.samples.count).map { index in
          try learner.logits(evaluation.samples.inputs.sliced(0, index..<index + 1))
        })
    }
    return baselines.outcome(try baselines.value(logits: logits), "after \(Self.baselineSteps) steps")
  }
}
