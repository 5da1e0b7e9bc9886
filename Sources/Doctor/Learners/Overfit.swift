import Torch

/// A learner that was shown a few samples again and again (Karpathy 2019: "overfit a single batch of only a few examples").
struct Overfit {
  static let mostSamples = 8
  static let mostSteps = 300
  /// Running statistics with PyTorch's momentum of 0.1 then hold all but 0.9⁶⁰ = 0.2 % of what they shall.
  static let leastSteps = 60
  /// From this Dice on, pixels count as learned.
  static let enoughDice = 0.99

  let learner: any CheckedLearner
  let samples: LabelledTensors
  /// Before each step.
  let losses: [Double]
  /// Of classes that are not the clean one, all samples together; nil for labels of images.
  let dice: Double?
  /// The share of labels that were called rightly in the end.
  let accuracy: Double
  let isLearned: Bool

  init(_ subject: LearnerSubject, seed: UInt64) throws {
    samples = try Self.samples(of: subject)
    learner = try subject.make(seed, 1)
    var losses: [Double] = []
    var state = try Self.state(learner, samples)
    while losses.count < Self.leastSteps || (losses.count < Self.mostSteps && !state.isLearned) {
      losses.append(try learner.learn(samples.inputs, samples.labels))
      if losses.count % 10 == 0 { state = try Self.state(learner, samples) }
    }
    self.losses = losses
    (dice, accuracy, isLearned) = (state.dice, state.accuracy, state.isLearned)
  }

  /// As many of each class as there are, from the first batches; images with defects first where labels are of pixels.
  private static func samples(of subject: LearnerSubject) throws -> LabelledTensors {
    var chosen: [(input: Tensor, label: Tensor)] = []
    var counts: [Int: Int] = [:]
    let share = max(1, mostSamples / max(1, subject.classNames.count))
    for step in 0..<16 where chosen.count < mostSamples {
      let batch = try subject.batch(step)
      for index in 0..<batch.count where chosen.count < mostSamples {
        let label = try batch.labels.sliced(0, index..<index + 1)
        let value = Int(try label.max().item())
        guard counts[value, default: 0] < share else { continue }
        counts[value, default: 0] += 1
        chosen.append((try batch.inputs.sliced(0, index..<index + 1), label))
      }
    }
    // Where a class is too rare to be met, the others fill its place.
    if chosen.count < 2 { return try subject.batch(0).prefix(mostSamples) }
    return LabelledTensors(
      inputs: try .concatenated(chosen.map(\.input)), labels: try .concatenated(chosen.map(\.label)))
  }

  /// As training sees the samples: with the batch's own statistics, where there are any.
  private static func state(
    _ learner: any CheckedLearner, _ samples: LabelledTensors
  ) throws -> (dice: Double?, accuracy: Double, isLearned: Bool) {
    try learner.network.setTraining(true)
    let called = try withoutGradients { try learner.logits(samples.inputs).argmax(1) }
    let accuracy = try called.equal(samples.labels).converted(to: .float64).mean().item()
    guard samples.labels.rank > 1 else { return (nil, accuracy, accuracy == 1) }
    let (isCalled, isTrue) = (try called.greater(0), try samples.labels.greater(0))
    let both = try called.equal(samples.labels).and(isTrue).converted(to: .float64).sum().item()
    let all = try (isCalled.converted(to: .float64) + isTrue.converted(to: .float64)).sum().item()
    let dice = all == 0 ? 1 : 2 * both / all
    return (dice, accuracy, dice > enoughDice)
  }
}
