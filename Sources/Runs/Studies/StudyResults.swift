import Files
import Foundation

/// Everything that a study's report shows: `results.json` in the study's folder.
public struct StudyResults: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes and reads.
  public static let currentVersion = 1
  /// Name of the file in a study's folder.
  public static let fileName = "results.json"

  public var version: Int
  public var name: String
  /// What the study asks, in one sentence.
  public var question: String
  /// The figure that decides, chosen before any result was seen; always the mean over the defect classes.
  public var primaryFigure: StudyFigure
  /// The smallest difference of the primary figure that matters to the user.
  public var smallestEffect: Double
  /// What share of the intervals is meant to cover the truth, for example 0.95.
  public var confidence: Double
  /// The false-alarm rate at which recall is read.
  public var falseAlarmRate: Double
  public var verdict: VerdictRecord
  /// Class names, the clean one first.
  public var classes: [String]
  public var seeds: [Int]
  /// Seeds of the splits; nil where the data set's own was taken. With several, `perSeed` of figures is by split.
  public var splits: [Int]?
  public var testImages: Int
  public var testGroups: Int
  public var arms: [ArmResult]
  public var differences: [DifferenceResult]
  /// What the arms reach with few and with many real defects; nil in a study without fractions.
  public var curve: [FractionRecord]?
  /// What additions are worth in real defects, at each fraction but the largest.
  public var worth: [WorthRecord]?
  public var precisionRecall: [PrecisionRecallRecord]
  public var loss: [LossRecord]
  public var pictures: [PictureGroup]
  public var facts: [Fact]
  public var warnings: [String]

  public init(
    version: Int = StudyResults.currentVersion, name: String, question: String, primaryFigure: StudyFigure,
    smallestEffect: Double, confidence: Double, falseAlarmRate: Double, verdict: VerdictRecord, classes: [String],
    seeds: [Int], splits: [Int]? = nil, testImages: Int, testGroups: Int, arms: [ArmResult],
    differences: [DifferenceResult], curve: [FractionRecord]? = nil, worth: [WorthRecord]? = nil,
    precisionRecall: [PrecisionRecallRecord] = [], loss: [LossRecord] = [], pictures: [PictureGroup] = [],
    facts: [Fact] = [], warnings: [String] = []
  ) {
    self.version = version
    self.name = name
    self.question = question
    self.primaryFigure = primaryFigure
    self.smallestEffect = smallestEffect
    self.confidence = confidence
    self.falseAlarmRate = falseAlarmRate
    self.verdict = verdict
    self.classes = classes
    self.seeds = seeds
    self.splits = splits
    self.testImages = testImages
    self.testGroups = testGroups
    self.arms = arms
    self.differences = differences
    self.curve = curve
    self.worth = worth
    self.precisionRecall = precisionRecall
    self.loss = loss
    self.pictures = pictures
    self.facts = facts
    self.warnings = warnings
  }

  /// - Throws: `InputError` when the file is no such record or is of another version.
  public static func read(from url: URL) throws -> StudyResults {
    try RecordVersion.check(url, is: currentVersion, what: "study result")
    return try JSONFile.read(StudyResults.self, from: url)
  }

  public func arm(named name: String) -> ArmResult? { arms.first { $0.name == name } }

  public func difference(of arm: String, against other: String, figure: StudyFigure, scope: FigureScope)
    -> DifferenceResult?
  {
    differences.first { $0.arm == arm && $0.against == other && $0.figure == figure && $0.scope == scope }
  }
}

/// The answer, in words and in the figures behind them.
public struct VerdictRecord: Codable, Equatable, Sendable {
  public enum Outcome: String, Codable, Sendable {
    /// The interval lies above 0 and reaches the smallest effect.
    case helps
    /// The interval lies below 0.
    case harms
    /// The interval lies below the smallest effect.
    case doesNotHelp = "does-not-help"
    /// Anything else: the study is too small to say.
    case cannotTell = "cannot-tell"
  }

  public var outcome: Outcome
  /// The answer in one sentence.
  public var headline: String
  /// What follows from it, sentence by sentence.
  public var explanation: [String]
  /// The arm in question and the one that it is compared with.
  public var arm: String
  public var against: String
  /// The best of the cheap arms, chosen on the validation set; nil when none was run.
  public var rival: String?
  /// How large the study would have to be to tell; nil where it has told, or nobody can say.
  public var needed: NeededRecord?
  /// The smallest difference that a study of this size finds in four cases of five; nil where nobody can say.
  public var detectable: Double?

  public init(
    outcome: Outcome, headline: String, explanation: [String], arm: String, against: String, rival: String? = nil,
    needed: NeededRecord? = nil, detectable: Double? = nil
  ) {
    self.detectable = detectable
    self.outcome = outcome
    self.headline = headline
    self.explanation = explanation
    self.arm = arm
    self.against = against
    self.rival = rival
    self.needed = needed
  }
}

/// Totals of seeds or of test groups that would tell; nil where no reasonable number would.
public struct NeededRecord: Codable, Equatable, Sendable {
  /// With the present test set.
  public var seeds: Int?
  /// With the present seeds.
  public var testGroups: Int?
  /// The same in images, at the present number of images per group.
  public var testImages: Int?

  public init(seeds: Int?, testGroups: Int?, testImages: Int?) {
    self.seeds = seeds
    self.testGroups = testGroups
    self.testImages = testImages
  }
}
