import Foundation
import Metrics
import Runs

/// What room there is for a gain: how well real images alone do on the validation split, and with the defects that a fraction
/// holds back (the oracle), after the first trainings of a study.
public struct StudyHeadroom: Equatable, Sendable {
  public struct Point: Equatable, Sendable {
    /// nil in a study without fractions.
    public let fraction: Double?
    /// Real training images with a defect.
    public let defects: Int
    /// Mean average precision over the defect classes, on the validation split.
    public let real: Double
    /// nil where no oracle was run.
    public let oracle: Double?
  }

  /// By fraction, ascending.
  public let points: [Point]
  private let smallestEffect: Double

  /// The cells that tell: of the first split and seed.
  static func isTold(by cell: StudyCell, in settings: StudySettings) -> Bool {
    [.real, .oracle].contains(cell.arm) && cell.part.split == settings.splitSeeds[0] && cell.seed == settings.seeds[0]
  }

  /// - Parameter records: of those cells; nil where the validation split lacks a class.
  init?(_ records: [CellRecord], settings: StudySettings) {
    smallestEffect = settings.smallestEffect
    var points: [Point] = []
    for fraction in settings.fractionList {
      let own = records.filter { $0.fraction == fraction }
      guard let record = own.first(where: { $0.arm == StudyArm.real.rawValue }), let real = Self.precision(record)
      else {
        return nil
      }
      let counts = record.trainingImages.filter { $0.label != record.classes[0] }
      points.append(
        Point(
          fraction: fraction, defects: counts.reduce(0) { $0 + $1.count }, real: real,
          oracle: own.first { $0.arm == StudyArm.oracle.rawValue }.flatMap(Self.precision)))
    }
    self.points = points
  }

  private static func precision(_ record: CellRecord) -> Double? {
    let values = record.classes.indices.dropFirst().map { label in
      try? RankedScores(
        scores: record.validation.map { $0.scores[label] }, positives: record.validation.map { $0.truth == label }
      ).averagePrecision()
    }
    let known = values.compactMap { $0 }
    return known.count == values.count ? known.reduce(0, +) / Double(known.count) : nil
  }

  /// What was found, and where there is no room what to ask instead.
  public var text: String {
    let found = points.map { point in
      String(format: "%.3f with %d real defects", point.real, point.defects)
        + (point.oracle.map { String(format: " (%.3f with those held back)", $0) } ?? "")
    }
    let sentence =
      "room for a gain: after one training, real images alone reach an average precision on the validation split of "
      + found.joined(separator: ", ")
    guard let last = points.last, 1 - last.real < smallestEffect else { return sentence }
    let roomy = points.last { 1 - $0.real >= smallestEffect }
    let advice =
      roomy.map { "look at the fraction of \($0.fraction ?? 1)" }
      ?? "ask a harder question: fewer real defects (fractions: [0.1, 0.25, 1]), whole images in place of windows, or other classes"
    return "\(sentence). With all of them no gain of \(smallestEffect) can be seen; \(advice)"
  }
}
