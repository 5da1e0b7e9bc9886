import Foundation
import Metrics
import Runs

/// Puts a study's main difference into words: helps, harms, does not help, or cannot tell.
///
/// - helps: the interval lies above 0 and reaches the smallest effect
/// - harms: the interval lies below 0
/// - does not help: the interval lies below the smallest effect
/// - cannot tell: anything else; then it says how many more seeds or test images would
struct Verdict {
  /// The best cheap alternative.
  struct Rival {
    var arm: StudyArm
    var againstReal: Estimate?
    var syntheticAgainstIt: Estimate?
  }

  var figure: String
  var smallestEffect: Double
  /// How often everything was repeated: by splits where there are several, else by seeds.
  var runs: Int
  /// "split" or "seed".
  var runName: String
  var fewestRuns: Int
  var testGroups: Int
  var testImages: Int
  /// Synthetic minus real; nil where the figure is undefined.
  var difference: Estimate?
  var rival: Rival?
  /// Placebo images minus real; nil where there were none.
  var placebo: Estimate?
  /// What the learning curve says, sentence by sentence.
  var curve: [String] = []

  /// What an interval says of an effect, given the smallest that matters.
  static func outcome(_ interval: ClosedRange<Double>?, smallestEffect: Double) -> VerdictRecord.Outcome {
    guard let interval else { return .cannotTell }
    if interval.upperBound < 0 { return .harms }
    if interval.upperBound < smallestEffect { return .doesNotHelp }
    return interval.lowerBound > 0 ? .helps : .cannotTell
  }

  var record: VerdictRecord {
    guard let difference, difference.interval != nil else {
      return VerdictRecord(
        outcome: .cannotTell, headline: "This study cannot tell whether synthetic images help.",
        explanation: ["The \(figure) is undefined: the test set lacks images of a class. Add some to the test split."],
        arm: StudyArm.synthetic.rawValue, against: StudyArm.real.rawValue, rival: rival?.arm.rawValue)
    }
    let outcome = outcome(of: difference)
    let needed = outcome == .cannotTell ? needed(for: difference) : nil
    var explanation = [meaning(outcome, difference)]
    let detectable = difference.minimumDetectableEffect()
    if let detectable {
      explanation.append("A study of this size finds a difference of \(number(detectable)) in four cases of five.")
    }
    if let needed { explanation.append(advice(needed)) }
    if let rival { explanation += compare(rival, outcome) }
    if let placebo { explanation.append(control(placebo)) }
    explanation += curve
    return VerdictRecord(
      outcome: outcome, headline: headline(outcome, difference), explanation: explanation,
      arm: StudyArm.synthetic.rawValue, against: StudyArm.real.rawValue, rival: rival?.arm.rawValue, needed: needed,
      detectable: detectable)
  }

  /// One seed cannot tell an effect from the luck of training, whatever its interval over test groups says.
  private func outcome(of estimate: Estimate?) -> VerdictRecord.Outcome {
    runs > 1 ? Self.outcome(estimate?.interval, smallestEffect: smallestEffect) : .cannotTell
  }

  private func headline(_ outcome: VerdictRecord.Outcome, _ estimate: Estimate) -> String {
    let change = "\(figure) changes by \(measured(estimate))"
    let sentence =
      switch outcome {
      case .helps: "Synthetic images help: \(change)."
      case .harms: "Synthetic images harm: \(change)."
      case .doesNotHelp: "Synthetic images do not help: \(change)."
      case .cannotTell: "This study cannot tell whether synthetic images help: \(change)."
      }
    guard runs < fewestRuns else { return sentence }
    return "Rehearsal with \(runs) \(runName)\(runs == 1 ? "" : "s"), not a finding. \(sentence)"
  }

  private func meaning(_ outcome: VerdictRecord.Outcome, _ estimate: Estimate) -> String {
    let smallest = "\(smallestEffect)"
    switch outcome {
    case .helps:
      return estimate.interval.map { $0.lowerBound >= smallestEffect } ?? false
        ? "The whole interval lies at or above \(smallest), the smallest difference that matters here."
        : "The gain is more than chance, but may be smaller than \(smallest), the smallest difference that matters here."
    case .harms:
      return "The whole interval lies below 0: leave synthetic images of this kind out."
    case .doesNotHelp:
      return "A gain of \(smallest), the smallest difference that matters here, is ruled out."
    case .cannotTell:
      return runs < 2
        ? "One \(runName) cannot tell an effect from the luck of training."
        : "The interval holds both no effect and a gain of \(smallest) or more, the smallest that matters here."
    }
  }

  // MARK: How much more would tell

  /// Sizes at which the interval would decide, if the difference stayed what it is.
  ///
  /// It decides for a gain when its half width is below the difference, and against one that matters when it is below what
  /// the difference lacks of the smallest effect; whichever comes first.
  private func needed(for estimate: Estimate) -> NeededRecord? {
    guard let interval = estimate.interval, let components = estimate.components else { return nil }
    let target = max(estimate.value, smallestEffect - estimate.value)
    let half = (interval.upperBound - interval.lowerBound) / 2
    let size = components.needed(toNarrow: half, below: target, confidence: estimate.confidence)
    let perGroup = Double(testImages) / Double(testGroups)
    func more(_ value: Int?, than present: Int) -> Int? { value.map { max($0, present + 1) } }
    let groups = more(size.groups, than: testGroups)
    return NeededRecord(
      seeds: more(size.seeds, than: runs), testGroups: groups,
      testImages: groups.map { Int((Double($0) * perGroup).rounded(.up)) })
  }

  private func advice(_ needed: NeededRecord) -> String {
    let images = needed.testImages.map { "about \($0) test images in place of \(testImages)" }
    switch (needed.seeds, images) {
    case (let seeds?, let images?):
      return
        "If the difference stays what it is, about \(seeds) \(runName)s in place of \(runs) would tell, or \(images)."
    case (let seeds?, nil):
      return "If the difference stays what it is, about \(seeds) \(runName)s in place of \(runs) would tell; "
        + "more test images alone would not."
    case (nil, let images?):
      return "If the difference stays what it is, \(images) would tell; more \(runName)s alone would not."
    case (nil, nil):
      return "Neither up to 200 \(runName)s nor a hundred times as many test images alone would tell."
    }
  }

  // MARK: The cheap alternative

  private func compare(_ rival: Rival, _ outcome: VerdictRecord.Outcome) -> [String] {
    let name = rival.arm.title.lowercased()
    guard let own = rival.againstReal, let direct = rival.syntheticAgainstIt else { return [] }
    let rivalOutcome = self.outcome(of: own)
    let does =
      switch rivalOutcome {
      case .helps: outcome == .helps ? "it helps too" : "it does help"
      case .harms: "it harms"
      case .doesNotHelp: "it does not help"
      case .cannotTell: "whether it helps cannot be told"
      }
    var sentences = [
      "The best cheap alternative, \(name) (chosen on the validation set), changes it by \(measured(own)): \(does)."
    ]
    let against = "Against \(name), synthetic images bring \(measured(direct))"
    switch self.outcome(of: direct) {
    case .helps: sentences.append("\(against): they are better than it.")
    case .harms: sentences.append("\(against): they are worse than it.")
    case .doesNotHelp: sentences.append("\(against): no gain over it that matters.")
    case .cannotTell: sentences.append("\(against): which of the two is better cannot be told.")
    }
    let isNoBetter = [.harms, .doesNotHelp].contains(self.outcome(of: direct))
    if rivalOutcome == .helps, outcome != .helps || isNoBetter { sentences.append("Use \(name) instead.") }
    return sentences
  }

  // MARK: The control

  private func control(_ placebo: Estimate) -> String {
    let change = "The placebo, images that show nothing under the defects' names, changes it by \(measured(placebo))"
    switch outcome(of: placebo) {
    case .helps:
      return "\(change): it helps, so a gain of synthetic images is not due to what they show, or not all of it."
    case .harms: return "\(change): it harms, as images of nothing may."
    case .doesNotHelp: return "\(change): it does not help, as it must not."
    case .cannotTell: return "\(change): whether it helps cannot be told."
    }
  }

  private func measured(_ estimate: Estimate) -> String {
    guard let interval = estimate.interval else { return signed(estimate.value) }
    let percent = (estimate.confidence * 1000).rounded() / 10
    let level = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
    return
      "\(signed(estimate.value)) (\(level) % interval \(signed(interval.lowerBound)) to \(signed(interval.upperBound)))"
  }

  private func signed(_ value: Double) -> String {
    let text = number(abs(value))
    return Double(text) == 0 ? text : (value < 0 ? "−" : "+") + text
  }

  /// Three decimals, more where the smallest effect needs them.
  private func number(_ value: Double) -> String {
    String(format: smallestEffect < 0.005 ? "%.5f" : "%.3f", value)
  }
}
