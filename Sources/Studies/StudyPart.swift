/// One division of a study's data with a share of its real defects: what cells are trained and tested on.
public struct StudyPart: Codable, Hashable, Sendable {
  /// The seed of the split; nil for the data set's own.
  public let split: Int?
  /// The share of the real training defects that there are; nil for all.
  public let fraction: Double?

  public init(split: Int? = nil, fraction: Double? = nil) {
    self.split = split
    self.fraction = fraction
  }

  /// Such as "split 2, a fraction of 0.25"; empty for the data set as it is.
  public var title: String {
    [split.map { "split \($0)" }, fraction.map { "a fraction of \($0)" }].compactMap { $0 }.joined(separator: ", ")
  }
}

extension StudySettings {
  /// The seeds of the splits; one nil for the data set's own split.
  var splitSeeds: [Int?] { splits?.seeds ?? [nil] }
  /// Ascending; one nil for all defects.
  var fractionList: [Double?] { fractions ?? [nil] }

  /// Every split with every fraction.
  public var parts: [StudyPart] {
    splitSeeds.flatMap { split in fractionList.map { StudyPart(split: split, fraction: $0) } }
  }

  /// The arms of a fraction: where all defects are there, none are held back for an oracle.
  func arms(at fraction: Double?) -> [StudyArm] {
    arms.filter { $0.addition != .oracle || (fraction ?? 1) < 1 }
  }

  /// What is repeated, and resampled as a whole: splits where there are several, else seeds.
  var runs: Int { splitSeeds.count > 1 ? splitSeeds.count : seeds.count }
  /// "split" or "seed".
  var runName: String { splitSeeds.count > 1 ? "split" : "seed" }
  /// Runs below which a study is only a rehearsal.
  var fewestRuns: Int { splitSeeds.count > 1 ? Self.fewestSplits : Self.fewestSeeds }
}
