import Runs

/// What one check found.
public struct Outcome: Sendable {
  public var verdict: CheckVerdict
  public var finding: String
  public var measures: [CheckResult.Measure] = []
  /// nil for the check's own.
  public var advice: String?
  public var pictures: [CheckResult.Picture] = []

  public init(
    _ verdict: CheckVerdict, _ finding: String, measures: [CheckResult.Measure] = [], advice: String? = nil,
    pictures: [CheckResult.Picture] = []
  ) {
    self.verdict = verdict
    self.finding = finding
    self.measures = measures
    self.advice = advice
    self.pictures = pictures
  }

  /// - Parameter reason: why it could not be made.
  public static func notRun(_ reason: String) -> Outcome { Outcome(.notRun, reason) }
}
