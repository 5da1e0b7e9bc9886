import Foundation
import Torch

/// The skeleton checks of a network that learns from labelled samples, in the order of the recipe.
///
/// Checks share what is dear: one learner that has learned a few samples by heart serves several of them.
public final class LearnerChecks {
  let subject: LearnerSubject
  let seed: UInt64
  /// The learner of `overfit`, once it is there.
  private var overfitted: Overfit?

  public init(_ subject: LearnerSubject, seed: UInt64 = 0) {
    self.subject = subject
    self.seed = seed
  }

  /// Those that are made.
  static let checks: [Check] = [
    .networkInput, .sameSeed, .lossAtInitialisation, .classPrior, .sampleDependency, .parametersMove, .updateRatio,
    .overfitOneBatch, .evaluationMode, .wholeSet, .inputIndependent, .dumbBaselines, .capacity,
  ]

  public func steps() -> [Examination.Step] {
    func step(_ check: Check, _ trainingSteps: Int, _ examine: @escaping () throws -> Outcome) -> Examination.Step {
      Examination.Step(check, cost: self.secondsPerStep * Double(trainingSteps), examine)
    }
    return [
      step(.networkInput, 1, networkInput), step(.sameSeed, 6, sameSeed),
      step(.lossAtInitialisation, 1, lossAtInitialisation), step(.classPrior, 1, classPrior),
      step(.sampleDependency, 3, sampleDependency), step(.parametersMove, 4, parametersMove),
      step(.updateRatio, 4, updateRatio), step(.overfitOneBatch, Overfit.mostSteps / 2, overfitOneBatch),
      step(.evaluationMode, Overfit.mostSteps / 2, evaluationMode), step(.wholeSet, 2, wholeSet),
      step(.inputIndependent, 2 * Self.shortSteps, inputIndependent),
      step(.dumbBaselines, Self.baselineSteps, dumbBaselines), step(.capacity, 4 * Self.shortSteps, capacity),
    ]
  }

  /// Of one training step; a training that cannot even make these counts as quick: its checks say what is wrong.
  private lazy var secondsPerStep = (try? measured()) ?? 0

  private func measured() throws -> Double {
    let learner = try fresh()
    let batch = try subject.batch(0)
    _ = try learner.learn(batch.inputs, batch.labels)
    let start = ProcessInfo.processInfo.systemUptime
    for _ in 0..<2 { _ = try learner.learn(batch.inputs, batch.labels) }
    return (ProcessInfo.processInfo.systemUptime - start) / 2
  }

  /// Steps of trainings that are compared with each other.
  static let shortSteps = 60
  /// Different batches in such a training: few, so that a network that sees its input learns them within those steps.
  static let shortBatches = 4

  func fresh(width: Int = 1) throws -> any CheckedLearner { try subject.make(seed, width) }

  func overfit() throws -> Overfit {
    if let overfitted { return overfitted }
    let made = try Overfit(subject, seed: seed)
    overfitted = made
    return made
  }

  /// The least loss of the last quarter of a short training on few batches.
  ///
  /// - Parameter seen: what the network is shown of a batch's inputs.
  func shortLoss(width: Int = 1, seen: (Tensor) throws -> Tensor = { $0 }) throws -> Double {
    let learner = try fresh(width: width)
    let batches = try (0..<Self.shortBatches).map { try subject.batch($0) }
    let losses = try (0..<Self.shortSteps).map { step in
      let batch = batches[step % batches.count]
      return try learner.learn(seen(batch.inputs), batch.labels)
    }
    // What it can reach. Means and medians leap with the steps at a rate that a whole training lowers.
    return losses.suffix(Self.shortSteps / 4).min() ?? .nan
  }
}

extension Double {
  /// Four significant digits.
  var short: String { String(format: "%.4g", self) }
}
