/// What a doctor's visit to a data set, a run or a study found: what `patina doctor --json` prints and its page shows.
public struct DoctorRecord: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes.
  public static let currentVersion = 1

  public enum Subject: String, Codable, Sendable {
    case dataset = "data set"
    case run
    case study
    /// A network of somebody's own.
    case network
  }

  public var version: Int
  public var subject: Subject
  /// The name of its folder.
  public var name: String
  /// In the order in which they were made.
  public var checks: [CheckResult]
  public var seconds: Double
  /// How it was examined: seed, budget, versions.
  public var facts: [Fact]

  public init(
    version: Int = DoctorRecord.currentVersion, subject: Subject, name: String, checks: [CheckResult], seconds: Double,
    facts: [Fact] = []
  ) {
    self.version = version
    self.subject = subject
    self.name = name
    self.checks = checks
    self.seconds = seconds
    self.facts = facts
  }

  public func count(of verdict: CheckVerdict) -> Int { checks.count { $0.verdict == verdict } }

  /// The names of the checks with a verdict, in order.
  public func names(_ verdict: CheckVerdict) -> [String] { checks.filter { $0.verdict == verdict }.map(\.name) }
}

public enum CheckVerdict: String, Codable, CaseIterable, Sendable {
  case pass
  /// It may be right; look.
  case warn
  /// What is trained so does not do what its settings say, or its figures are wrong.
  case fail
  /// The reason says why.
  case notRun = "not run"
}

/// One check: what was measured, what it was held against, and what to do.
public struct CheckResult: Codable, Equatable, Sendable {
  /// A number with what it was held against.
  public struct Measure: Codable, Equatable, Sendable {
    public var name: String
    /// nil for no finite number.
    public var value: Double?
    /// Such as "≤ 0.7"; empty where it is only reported.
    public var threshold: String

    public init(_ name: String, _ value: Double, _ threshold: String = "") {
      self.name = name
      self.value = value.isFinite ? value : nil
      self.threshold = threshold
    }
  }

  /// A picture that says more than numbers, as a PNG or JPEG file.
  public struct Picture: Equatable, Sendable {
    public var caption: String
    public var file: [UInt8]

    public init(caption: String, file: [UInt8]) {
      self.caption = caption
      self.file = file
    }
  }

  /// A word that stays the same between versions, such as `overfit-one-batch`.
  public var name: String
  /// The stage of the recipe that it belongs to.
  public var stage: String
  public var title: String
  public var verdict: CheckVerdict
  public var measures: [Measure]
  /// What was found, in a sentence.
  public var finding: String
  /// What to try next; empty where it passed.
  public var advice: String
  /// When it passes.
  public var rule: String
  /// Where the check comes from.
  public var source: String
  public var seconds: Double
  /// Not part of the JSON: the page holds them.
  public var pictures: [Picture] = []

  public init(
    name: String, stage: String, title: String, verdict: CheckVerdict, measures: [Measure] = [], finding: String,
    advice: String = "", rule: String, source: String, seconds: Double = 0, pictures: [Picture] = []
  ) {
    self.name = name
    self.stage = stage
    self.title = title
    self.verdict = verdict
    self.measures = measures
    self.finding = finding
    self.advice = advice
    self.rule = rule
    self.source = source
    self.seconds = seconds
    self.pictures = pictures
  }

  private enum CodingKeys: String, CodingKey {
    case name, stage, title, verdict, measures, finding, advice, rule, source, seconds
  }
}
