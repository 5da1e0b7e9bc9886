import Models
import Runs
import Torch
import Training

/// What is reported as losses, against the paper's formulas.
extension TranslatorChecks {
  /// The first step's losses, recomputed from what the networks say before it.
  func lossTerms() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0)
    let terms = try LossTerm.all(of: translator, batch, weights: subject.loss).filter {
      subject.terms.contains($0.name)
    }
    guard !terms.isEmpty else {
      return .notRun("no term follows from what the networks say before a step")
    }
    let reported = try translator.train(batch)
    var objections: [String] = []
    var measures: [CheckResult.Measure] = []
    for term in terms {
      guard let value = reported[term.name] else {
        objections.append("\(term.name) is not reported")
        continue
      }
      if let objection = term.objection(to: value) { objections.append(objection) }
      measures.append(.init("\(term.name), reported over computed", value / term.expected, "0.99 … 1.01"))
    }
    guard objections.isEmpty else {
      return Outcome(
        .fail, "\(objections.count) of \(terms.count) terms are not the paper's: \(objections.joined(separator: "; "))",
        measures: measures)
    }
    let left = Set(CycleGANLosses.names).subtracting(terms.map(\.name)).intersection(reported.keys).sorted()
    return Outcome(
      .pass,
      "all \(terms.count) terms are what the paper says"
        + (left.isEmpty ? "" : "; \(Self.named(left)) cannot be computed from outside"),
      measures: measures)
  }

  /// Adversarial losses before the first step are those of the discriminators' own scores, which are of a sane size.
  func lossAtInitialisation() throws -> Outcome {
    let translator = try fresh()
    let batch = try subject.batch(0)
    let terms = try LossTerm.all(of: translator, batch, weights: subject.loss).filter {
      $0.name.hasPrefix("adversarial") || $0.name.hasPrefix("discriminator")
    }
    guard !terms.isEmpty else { return .notRun("there is no discriminator") }
    let reported = try translator.train(batch)
    var (wrong, large): ([String], [String]) = ([], [])
    var measures: [CheckResult.Measure] = []
    for term in terms {
      let bounds = term.name.hasPrefix("adversarial") ? Self.adversarialAtFirst : Self.discriminatorAtFirst
      measures.append(.init(term.name, term.expected, "\(bounds.lowerBound.short) … \(bounds.upperBound.short)"))
      if !bounds.contains(term.expected) { large.append("\(term.name) begins at \(term.expected.short)") }
      guard subject.terms.contains(term.name), let value = reported[term.name] else { continue }
      if let objection = term.objection(to: value) { wrong.append(objection) }
    }
    guard wrong.isEmpty else {
      return Outcome(
        .fail, "losses are not those of the discriminators' own scores: \(wrong.joined(separator: "; "))",
        measures: measures)
    }
    guard large.isEmpty else {
      return Outcome(
        .warn,
        "\(large.joined(separator: "; ")): scores of untrained discriminators should be near 0, with a variance of at most about 2",
        measures: measures, advice: "Look at the images' range, and at how the discriminators' weights are drawn")
    }
    return Outcome(.pass, "losses are those of the discriminators' own scores, and of a sane size", measures: measures)
  }

  /// Half of the least and twice the most that were measured of this project's CycleGAN over 56 seeds and settings (64 to
  /// 4 filters, 3 or 1 halvings, 32 to 128 pixels): adversarial 0.55 to 6.1, discriminator 0.46 to 4.1. With the published 64
  /// filters and 3 halvings they were 3.3 and 2.4 on average: scores have a variance of about 1.3², and their mean is not 0.
  static let adversarialAtFirst = 0.27...12.2
  static let discriminatorAtFirst = 0.23...8.2
}
