import Files
import Foundation
import Runs
import Torch

/// Checks that are made one after another, within a time.
public struct Examination {
  /// One check on one subject.
  public struct Step {
    public let check: Check
    /// About how long it takes, in seconds: one that would not fit into what is left of the time is not begun. To know it may cost
    /// a training step or two, so it is asked only where there is a budget. What costs nothing is made in any case.
    public let cost: () -> Double
    public let examine: () throws -> Outcome

    public init(
      _ check: Check, cost: @escaping @autoclosure () -> Double = 0, _ examine: @escaping () throws -> Outcome
    ) {
      self.check = check
      self.cost = cost
      self.examine = examine
    }
  }

  /// Which checks are made, and for how long.
  public struct Choice: Sendable {
    /// nil for all.
    public var only: Set<Check>?
    public var skipped: Set<Check>
    /// Seconds; nil for as long as it takes.
    public var budget: Double?

    public init(only: Set<Check>? = nil, skipped: Set<Check> = [], budget: Double? = nil) {
      self.only = only
      self.skipped = skipped
      self.budget = budget
    }
  }

  public let subject: DoctorRecord.Subject
  public let name: String
  private let steps: [Step]

  /// - Parameter steps: sorted here into the order of examination.
  public init(_ subject: DoctorRecord.Subject, name: String, steps: [Step]) {
    self.subject = subject
    self.name = name
    let order = Dictionary(uniqueKeysWithValues: Check.allCases.enumerated().map { ($0.element, $0.offset) })
    self.steps = steps.enumerated().sorted {
      (order[$0.element.check] ?? 0, $0.offset) < (order[$1.element.check] ?? 0, $1.offset)
    }.map(\.element)
  }

  public var checks: [Check] { steps.map(\.check) }

  /// Makes the checks. What a check cannot do is a finding of its own: the others are made all the same.
  ///
  /// - Parameters:
  ///   - progress: called before each check with how many are done, and at the end with nil.
  ///   - finished: called with each check's result, in order.
  public func record(
    _ choice: Choice = Choice(), facts: [Fact] = [],
    progress: (_ next: Check?, _ done: Int, _ total: Int) -> Void = { _, _, _ in },
    finished: (CheckResult) -> Void = { _ in }
  ) -> DoctorRecord {
    let start = ProcessInfo.processInfo.systemUptime
    let chosen = steps.filter { choice.only?.contains($0.check) ?? true }
    var results: [CheckResult] = []
    for (done, step) in chosen.enumerated() {
      progress(step.check, done, chosen.count)
      let begun = ProcessInfo.processInfo.systemUptime
      // The first check is made in any case: nobody would wait for nothing.
      let isFirst = results.allSatisfy { $0.verdict == .notRun }
      let outcome = outcome(of: step, choice, left: choice.budget.map { isFirst ? .infinity : $0 - (begun - start) })
      let result = CheckResult(
        name: step.check.rawValue, stage: step.check.stage, title: step.check.title, verdict: outcome.verdict,
        measures: outcome.measures, finding: outcome.finding,
        advice: [.warn, .fail].contains(outcome.verdict) ? outcome.advice ?? step.check.advice : "",
        rule: step.check.rule, source: step.check.source, seconds: ProcessInfo.processInfo.systemUptime - begun,
        pictures: outcome.pictures)
      results.append(result)
      finished(result)
    }
    progress(nil, chosen.count, chosen.count)
    return DoctorRecord(
      subject: subject, name: name, checks: results, seconds: ProcessInfo.processInfo.systemUptime - start,
      facts: facts)
  }

  /// - Parameter left: seconds; nil for as long as it takes.
  private func outcome(of step: Step, _ choice: Choice, left: Double?) -> Outcome {
    if choice.skipped.contains(step.check) { return .notRun("left out by --skip") }
    if let left, left.isFinite {
      let cost = step.cost()
      if cost > max(0, left) {
        let time = cost >= 1 ? "\(Int(cost.rounded(.up))) s" : "a moment"
        return .notRun(
          "it takes about \(time), and \(Int(max(0, left))) s are left: give more with --budget, or --only \(step.check.rawValue)"
        )
      }
    }
    do {
      return try step.examine()
    } catch {
      return Outcome(.fail, "could not be made: \(error)")
    }
  }
}
