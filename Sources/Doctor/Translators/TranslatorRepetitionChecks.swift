import Layers
import Models
import Runs
import Torch

/// What has to be the same when it is done twice.
extension TranslatorChecks {
  /// Two trainings from one seed, on the same batches.
  func sameSeed() throws -> Outcome {
    guard subject.repeatsExactly else { return .notRun("a GPU adds up in no fixed order: try it on the CPU") }
    let translators = (try fresh(), try fresh())
    let unlike = try translators.0.weights().filter {
      try apart($0.value, translators.1.weights()[$0.key] ?? $0.value) != 0
    }
    guard unlike.isEmpty else {
      return Outcome(
        .fail, "the first weights differ, though the seed is the same: \(Self.named(unlike.keys.sorted()))",
        measures: [.init("tensors that differ", Double(unlike.count), "0")])
    }
    for step in 0..<Self.movingSteps {
      let losses = (
        try translators.0.train(subject.batch(step)), try translators.1.train(subject.batch(step))
      )
      let differing = losses.0.keys.filter { losses.0[$0]?.bitPattern != losses.1[$0]?.bitPattern }.sorted()
      guard differing.isEmpty else {
        let largest = differing.map { abs((losses.0[$0] ?? .nan) - (losses.1[$0] ?? .nan)) }.max() ?? 0
        return Outcome(
          .fail, "\(Self.named(differing)) differ in step \(step + 1), though seed and batches are the same",
          measures: [.init("largest difference", largest, "0")])
      }
    }
    return Outcome(
      .pass, "two trainings with one seed have the same losses for \(Self.movingSteps) steps",
      measures: [.init("largest difference", 0, "0")])
  }

  /// The same pictures and scores in training and in evaluation, and twice the same in evaluation.
  func evaluationMode() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0)
    var objections: [String] = []
    var doubts: [String] = []
    var measures: [CheckResult.Measure] = []
    func check(_ network: TranslatorNetwork, _ output: () throws -> Tensor?) throws {
      let name = network.rawValue
      func made(training: Bool) throws -> Tensor? {
        try translator.setTraining(training)
        return try withoutGradients { try output()?.detached().cloned() }
      }
      guard let training = try made(training: true), let again = try made(training: true),
        let evaluation = try made(training: false), let second = try made(training: false)
      else { return }
      let (repeated, random) = (try apart(evaluation, second), try apart(training, again))
      let shift = try apart(training, evaluation)
      measures.append(.init("\(name): training against evaluation", shift, "0"))
      measures.append(.init("\(name): evaluation twice", repeated, "0"))
      if repeated != 0 {
        objections.append("\(name) says two things of the same images in evaluation")
      } else if random != 0 {
        doubts.append("\(name) draws at random in training, as with dropout, which the published networks do not have")
      } else if shift != 0 {
        objections.append("\(name) says other things in evaluation than in training\(try switching(translator, name))")
      }
    }
    for direction in directions(translator) {
      let (images, mask) = (batch.source(direction), batch.mask(direction))
      try check(direction.generator) { try translator.translated(images, direction, mask: mask) }
      try check(direction.discriminator) { try translator.scores(images, direction, mask: mask) }
    }
    guard objections.isEmpty else {
      return Outcome(.fail, objections.joined(separator: "; "), measures: measures)
    }
    guard doubts.isEmpty else { return Outcome(.warn, doubts.joined(separator: "; "), measures: measures) }
    return Outcome(.pass, "networks say the same in training and in evaluation", measures: measures)
  }

  /// What in a network may be the reason.
  private func switching(_ translator: any CheckedTranslator, _ name: String) throws -> String {
    guard let network = translator.network(name) else { return "" }
    let running = try network.namedBuffers().map(\.name).filter { $0.contains("running") }
    if !running.isEmpty { return ": it has running statistics (\(Self.named(running, most: 2)))" }
    let modules = try network.submodules().filter { $0.module is any ModeSwitching }.map(\.name)
    return modules.isEmpty ? "" : ": \(Self.named(modules, most: 2)) differ in the two modes"
  }
}
