import Layers
import Runs
import Torch

/// What gradients and a few steps tell.
extension LearnerChecks {
  /// "Use backprop to chart dependencies": one sample's output, by the inputs of all.
  func sampleDependency() throws -> Outcome {
    let batch = try subject.batch(0).prefix(4)
    guard batch.count > 1 else { return .notRun("a batch has one sample") }
    let learner = try fresh()
    func leak(training: Bool) throws -> Double {
      try learner.network.setTraining(training)
      let inputs = try batch.inputs.detached().cloned()
      try inputs.setRequiresGradient(true)
      let first = try learner.logits(inputs).sliced(0, 0..<1).squared().sum()
      guard let gradient = try first.gradients(of: [inputs])[0] else { return 0 }
      return try gradient.sliced(0, 1..<batch.count).abs().max().item()
    }
    let normalises = try learner.network.submodules().contains { $0.module is BatchNorm2d }
    let (training, evaluation) = (try leak(training: true), try leak(training: false))
    let measures: [CheckResult.Measure] = [
      .init("largest gradient by other samples, in evaluation", evaluation, "0"),
      .init("the same in training", training, normalises ? "above 0: batch norm mixes by design" : "0"),
    ]
    if evaluation > 0 || (training > 0 && !normalises) {
      return Outcome(.fail, "the output of one sample depends on the others in its batch", measures: measures)
    }
    return Outcome(
      .pass,
      training > 0 ? "samples stand alone in evaluation; in training batch norm mixes them" : "samples stand alone",
      measures: measures)
  }

  func parametersMove() throws -> Outcome {
    let learner = try fresh()
    let named = try learner.network.namedParameters()
    guard !named.isEmpty else { return Outcome(.fail, "the network has no parameters") }
    let batch = try subject.batch(0)
    try learner.network.setTraining(true)
    let loss = try learner.loss(learner.logits(batch.inputs), batch.labels)
    let gradients = try loss.gradients(of: named.map(\.parameter.tensor))
    let before = try named.map { try $0.parameter.tensor.detached().cloned() }
    for step in 0..<3 {
      let batch = try subject.batch(step)
      _ = try learner.learn(batch.inputs, batch.labels)
    }
    var (dead, still): ([String], [String]) = ([], [])
    for (index, entry) in named.enumerated() {
      let gradient = try gradients[index].map { try $0.abs().max().item() } ?? 0
      let moved = try (entry.parameter.tensor.detached() - before[index]).abs().max().item()
      if gradient == 0 { dead.append(entry.name) } else if moved == 0 { still.append(entry.name) }
    }
    let measures: [CheckResult.Measure] = [
      .init("parameter tensors", Double(named.count)), .init("without a gradient", Double(dead.count), "0"),
      .init("with a gradient that do not move", Double(still.count), "0"),
    ]
    guard dead.isEmpty, still.isEmpty else {
      let parts = [
        dead.isEmpty ? nil : "no gradient reaches \(Self.listed(dead))",
        still.isEmpty ? nil : "\(Self.listed(still)) \(still.count == 1 ? "stays" : "stay") as they are",
      ]
      return Outcome(.fail, parts.compactMap { $0 }.joined(separator: "; "), measures: measures)
    }
    return Outcome(.pass, "all \(named.count) parameter tensors get a gradient and move", measures: measures)
  }

  static func listed(_ names: [String], most: Int = 5) -> String {
    names.prefix(most).joined(separator: ", ") + (names.count > most ? " and \(names.count - most) more" : "")
  }

  func updateRatio() throws -> Outcome {
    let learner = try fresh()
    let named = try learner.network.namedParameters()
    return try UpdateRatios(of: { named }) { step in
      let batch = try subject.batch(step)
      _ = try learner.learn(batch.inputs, batch.labels)
    }.outcome
  }

  /// Twice the same in evaluation, and what was learned by heart in training is known in evaluation too.
  func evaluationMode() throws -> Outcome {
    let overfit = try overfit()
    let learner = overfit.learner
    func loss(training: Bool) throws -> (loss: Double, logits: Tensor) {
      try learner.network.setTraining(training)
      return try withoutGradients {
        let logits = try learner.logits(overfit.samples.inputs)
        return (try learner.loss(logits, overfit.samples.labels).item(), logits)
      }
    }
    let (first, second) = (try loss(training: false), try loss(training: false))
    let apart = try (first.logits - second.logits).abs().max().item()
    let training = try loss(training: true)
    try learner.network.setTraining(false)
    let start = overfit.losses.first ?? 0
    let measures: [CheckResult.Measure] = [
      .init("difference of two evaluations", apart, "0"),
      .init("loss of learned samples in evaluation", first.loss, "≤ half of the \(start.short) before training"),
      .init("the same in training mode", training.loss),
    ]
    guard apart == 0 else {
      return Outcome(
        .fail, "two evaluations of the same samples differ: something random is still at work", measures: measures)
    }
    guard overfit.isLearned else {
      return Outcome(.notRun, "the samples were not learned: see overfit-one-batch", measures: measures)
    }
    guard first.loss <= start / 2 else {
      return Outcome(
        .fail,
        "what was learned by heart is not known in evaluation: \(first.loss.short) against \(training.loss.short) in training",
        measures: measures)
    }
    return Outcome(.pass, "evaluation knows what training learned, and says the same twice", measures: measures)
  }
}
