import Foundation
import Runs

/// What room there is for a gain: how well real images alone do on the validation split, and with the defects that a fraction
/// holds back (the oracle), after the first trainings of a study.
public struct StudyHeadroom: Equatable, Sendable {
  public struct Point: Equatable, Sendable {
    /// nil in a study without fractions.
    public let fraction: Double?
    /// Real training images with a defect.
    public let defects: Int
    /// The primary figure's mean over the defect classes, on the validation split.
    public let real: Double
    /// nil where no oracle was run.
    public let oracle: Double?
  }

  /// By fraction, ascending.
  public let points: [Point]
  /// Of the validation split, how many groups show a defect: the fewer, the less it says.
  public let groups: Int
  private let settings: StudySettings

  /// Below so many groups a figure is hardly more than a hint.
  private static let fewGroups = 10

  /// The cells that tell: of the first split and seed.
  static func isTold(by cell: StudyCell, in settings: StudySettings) -> Bool {
    [.real, .oracle].contains(cell.arm) && cell.part.split == settings.splitSeeds[0] && cell.seed == settings.seeds[0]
  }

  /// - Parameter records: of those cells; nil where the validation split lacks a class.
  init?(_ records: [CellRecord], settings: StudySettings) {
    self.settings = settings
    var points: [Point] = []
    for fraction in settings.fractionList {
      let own = records.filter { $0.fraction == fraction }
      guard let record = own.first(where: { $0.arm == StudyArm.real.rawValue }),
        let real = Self.reached(record, settings)
      else {
        return nil
      }
      let counts = record.trainingImages.filter { $0.label != record.classes[0] }
      points.append(
        Point(
          fraction: fraction, defects: counts.reduce(0) { $0 + $1.count }, real: real,
          oracle: own.first { $0.arm == StudyArm.oracle.rawValue }.flatMap { Self.reached($0, settings) }))
    }
    self.points = points
    groups = Set(records.flatMap(\.validation).filter { $0.truth != 0 }.map(\.group)).count
  }

  private static func reached(_ record: CellRecord, _ settings: StudySettings) -> Double? {
    try? CellScores.validation(record.validation, settings: settings)
  }

  /// What was found, and where there is no room what to ask instead.
  public var text: String {
    let found = points.map { point in
      String(format: "%.3f with %d real defects", point.real, point.defects)
        + (point.oracle.map { String(format: " (%.3f with those held back)", $0) } ?? "")
    }
    let sentence =
      "room for a gain: after one training, real images alone reach \(settings.primary.inWords) of "
      + found.joined(separator: ", ")
      + " on the validation split, which shows defects of \(groups) group\(groups == 1 ? "" : "s")"
      + (groups < Self.fewGroups ? ": hardly more than a hint" : "")
    guard let last = points.last, 1 - last.real < settings.smallestEffect else { return sentence }
    let roomy = points.last { 1 - $0.real >= settings.smallestEffect }
    let advice =
      roomy.map { "look at the fraction of \($0.fraction ?? 1)" }
      ?? "ask a harder question: fewer real defects (fractions: [0.1, 0.25, 1]), whole images in place of windows, or other classes"
    return "\(sentence). With all of them no gain of \(settings.smallestEffect) can be seen; \(advice)"
  }
}
