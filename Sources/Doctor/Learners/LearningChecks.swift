import Foundation
import Runs
import Torch

/// What short trainings tell.
extension LearnerChecks {
  func overfitOneBatch() throws -> Outcome {
    let overfit = try overfit()
    let (first, last) = (overfit.losses.first ?? 0, overfit.losses.last ?? 0)
    var measures: [CheckResult.Measure] = [
      .init("samples", Double(overfit.samples.count)),
      .init("steps", Double(overfit.losses.count), "≤ \(Overfit.mostSteps)"),
      .init("loss at first", first), .init("loss at last", last),
      .init("called rightly", overfit.accuracy, overfit.dice == nil ? "1" : ""),
    ]
    if let dice = overfit.dice { measures.append(.init("Dice", dice, "> \(Overfit.enoughDice)")) }
    let figure = overfit.dice.map { "a Dice of \($0.short)" } ?? "\((100 * overfit.accuracy).short) % right"
    guard overfit.isLearned else {
      return Outcome(
        .fail,
        "\(overfit.samples.count) samples are not learned by heart: \(figure) after \(overfit.losses.count) steps",
        measures: measures)
    }
    return Outcome(
      .pass, "\(overfit.samples.count) samples are learned by heart in \(overfit.losses.count) steps",
      measures: measures)
  }

  func inputIndependent() throws -> Outcome {
    let seen = try shortLoss()
    let blind = try shortLoss { try $0.zerosLike() }
    let measures: [CheckResult.Measure] = [
      .init("loss with inputs", seen, "≤ 0.95 of that without"), .init("loss with inputs of zeros", blind),
    ]
    guard seen.isFinite, seen <= 0.95 * blind else {
      return Outcome(
        .fail,
        "real inputs are of no use: a loss of \(seen.short) after \(Self.shortSteps) steps, \(blind.short) without them",
        measures: measures)
    }
    return Outcome(.pass, "inputs bring the loss from \(blind.short) to \(seen.short)", measures: measures)
  }

  func capacity() throws -> Outcome {
    let (one, two) = (try shortLoss(), try shortLoss(width: 2))
    let measures: [CheckResult.Measure] = [
      .init("training loss", one), .init("with twice the width", two, "≤ the same, up to a tenth and 0.05"),
    ]
    guard two.isFinite, two <= 1.1 * one + 0.05 else {
      return Outcome(.warn, "twice the width learns worse: \(two.short) against \(one.short)", measures: measures)
    }
    return Outcome(
      .pass, "twice the width learns as well or better: \(two.short) against \(one.short)", measures: measures)
  }

  /// The slow way: one sample at a time, and every one counts the same. By a network that knows nothing and by one that knows a few
  /// samples: one of them is right about some classes and wrong about others.
  func wholeSet() throws -> Outcome {
    guard let evaluation = subject.evaluation else { return .notRun("it is not known how the training is evaluated") }
    let count = evaluation.samples.count
    var measures: [CheckResult.Measure] = [.init("samples", Double(count))]
    for (name, learner) in [("untrained", try fresh()), ("after a few samples", try overfit().learner)] {
      let own = try evaluation.accuracy(learner)
      try learner.network.setTraining(false)
      let slow = try withoutGradients {
        try (0..<count).map { index in
          let called = try learner.logits(evaluation.samples.inputs.sliced(0, index..<index + 1)).argmax(1)
          let right = try called.equal(evaluation.samples.labels.sliced(0, index..<index + 1))
          return try right.converted(to: .float64).mean().item()
        }.reduce(0, +) / Double(max(1, count))
      }
      measures.append(.init("accuracy \(name), as evaluated", own, "= one sample at a time"))
      measures.append(.init("accuracy \(name), one sample at a time", slow))
      // Less than a sample's worth: sums in another order may turn a tie.
      guard abs(own - slow) < 0.5 / Double(max(1, count)) else {
        return Outcome(
          .fail, "evaluation says \(own.short), and \(slow.short) one sample at a time", measures: measures)
      }
    }
    return Outcome(.pass, "evaluation gives what one sample at a time gives", measures: measures)
  }
}
