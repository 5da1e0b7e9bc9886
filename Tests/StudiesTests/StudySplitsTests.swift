import Files
import Foundation
import Runs
@testable import Studies
import Testing

/// Several splits of one data set, and several shares of its defects.
struct StudySplitsTests {
  private func results(_ study: SimulatedStudy) throws -> StudyResults {
    try StudyAnalysis(plan: study.plan(), records: study.records()).results()
  }

  private func splits(_ gain: Double, count: Int = 5) -> SimulatedStudy {
    var study = SimulatedStudy(separation: [.real: 1.5, .synthetic: 1.5 + gain])
    (study.splits, study.seeds, study.testGroups) = (count, 2, 40)
    return study
  }

  @Test func splitsAreWhatIsRepeated() throws {
    let study = splits(1)
    let found = try results(study)
    #expect(found.verdict.outcome == .helps)
    #expect(found.splits == [1, 2, 3, 4, 5] && found.seeds == [1, 2])
    let difference = try #require(
      found.difference(of: "synthetic", against: "real", figure: .averagePrecision, scope: .mean))
    #expect(difference.perSeed.count == 5)
    #expect(abs(difference.perSeed.reduce(0, +) / 5 - difference.value) < 1e-12)
    // Test sets overlap; every group of them counts once.
    #expect(found.testGroups > 40 && found.testGroups <= 100 && found.testImages == 4 * found.testGroups)
    #expect(found.curve == nil && found.worth == nil)
    var few = study
    few.splits = 2
    #expect(try results(few).verdict.headline.hasPrefix("Rehearsal with 2 splits, not a finding."))
  }

  /// One split's figure is the mean over its seeds.
  @Test func aSplitIsTheMeanOfItsSeeds() throws {
    let study = splits(1, count: 3)
    let (plan, records) = (try study.plan(), try study.records())
    let difference = try #require(
      StudyAnalysis(plan: plan, records: records).results()
        .difference(of: "synthetic", against: "real", figure: .averagePrecision, scope: .mean))
    var alone = study
    (alone.splits, alone.seeds) = (1, 1)
    func precision(_ arm: String, _ seed: Int) throws -> Double {
      let record = try #require(records.first { $0.arm == arm && $0.seed == seed && $0.split == 2 })
      let ranked = try RankedByHand(record)
      return ranked.averagePrecision
    }
    let expected = try (1...2).map { try precision("synthetic", $0) - precision("real", $0) }.reduce(0, +) / 2
    #expect(abs(difference.perSeed[1] - expected) < 1e-9)
  }

  /// Average precision step by step, as its definition has it, for scores without ties.
  private struct RankedByHand {
    let averagePrecision: Double

    init(_ record: CellRecord) throws {
      let ranked = record.test.sorted { $0.scores[1] > $1.scores[1] }
      var (hits, sum) = (0.0, 0.0)
      for (index, prediction) in ranked.enumerated() where prediction.truth == 1 {
        hits += 1
        sum += hits / Double(index + 1)
      }
      averagePrecision = sum / hits
    }
  }

  /// Where arms do not differ, of many studies hardly any says that they do, and 95 % of the intervals hold 0.
  ///
  /// `PATINA_COVERAGE=1000` repeats it with so many studies.
  @Test(arguments: [3, 5, 10])
  func falseAlarmsAreRare(count: Int) throws {
    let studies = ProcessInfo.processInfo.environment["PATINA_COVERAGE"].flatMap(Int.init) ?? 25
    var (helps, harms, covered) = (0, 0, 0)
    for world in 0..<studies {
      var study = splits(0, count: count)
      (study.world, study.seeds, study.smallestEffect) = (world, 1, 0.001)
      study.replicates = studies > 100 ? 400 : 100
      let found = try results(study)
      helps += found.verdict.outcome == .helps ? 1 : 0
      harms += found.verdict.outcome == .harms ? 1 : 0
      let interval = found.difference(of: "synthetic", against: "real", figure: .averagePrecision, scope: .mean)?
        .interval
      covered += interval.map { $0.lower <= 0 && $0.upper >= 0 } ?? false ? 1 : 0
    }
    if studies > 100 { print("\(count) splits: helps \(helps), harms \(harms), covered \(covered) of \(studies)") }
    // Three standard errors: 0.05 + 3 · √(0.05 · 0.95 / n).
    let bound = 0.05 + 3 * (0.0475 / Double(studies)).squareRoot()
    #expect(Double(studies - covered) <= bound * Double(studies))
    #expect(Double(helps) <= bound * Double(studies) && Double(harms) <= bound * Double(studies))
  }

  /// Synthetic images that do as much as twice the real defects are worth as many as there are.
  @Test func worthIsReadOffTheLearningCurve() throws {
    var study = SimulatedStudy(separation: [.real: 2.2, .synthetic: 2.8])
    (study.fractions, study.doubling, study.seedSpread) = ([0.25, 0.5, 1], 0.6, 0.01)
    (study.testGroups, study.ownNoise) = (200, 0.02)
    let found = try results(study)
    let curve = try #require(found.curve)
    #expect(curve.map(\.defects) == [10, 20, 40] && curve.map(\.fraction) == [0.25, 0.5, 1])
    let values = curve.compactMap { $0.arms.first?.value }
    #expect(values[0] < values[1] && values[1] < values[2])
    let main = try #require(found.difference(of: "synthetic", against: "real", figure: .averagePrecision, scope: .mean))
    #expect(curve[2].arms[1].difference == main.value)
    let worth = try #require(found.worth)
    #expect(worth.map(\.fraction) == [0.25, 0.5] && worth.map(\.added) == [40, 40])
    for (one, expected) in zip(worth, [10.0, 20]) {
      #expect(abs(one.worth - expected) < 0.2 * expected, "\(one)")
      let interval = try #require(one.interval)
      #expect(interval.lower <= one.worth && one.worth <= interval.upper && interval.upper > interval.lower)
    }
    #expect(found.verdict.explanation.contains { $0.hasPrefix("They help with 10, 20, 40 real defects") })
    #expect(
      found.verdict.explanation.contains {
        $0.hasPrefix("Beside 10 real defects, these 40 synthetic images are worth ")
      })
    // More than all real defects together: at least as much as was tried.
    study.separation[.synthetic] = 5
    #expect(try #require(results(study).worth).allSatisfy { $0.isAtLeast && $0.worth == 40 - $0.defects })
    // A curve that is flat says nothing.
    var flat = study
    flat.doubling = 0
    let told = try results(flat)
    #expect(told.worth == nil && told.verdict.explanation.contains { $0.contains("cannot be read off their curve") })
    study.separation[.synthetic] = 1
    #expect(try #require(results(study).worth)[0].worth == 0)
  }

  /// An oracle gets what is held back: where nothing is, there is none.
  @Test func theOracleStandsBelowOneAlone() throws {
    var study = SimulatedStudy(separation: [.real: 1.5, .synthetic: 1.5, .oracle: 2.5])
    (study.fractions, study.seeds) = ([0.5, 1], 3)
    let cells = try study.plan().cells()
    #expect(cells.count == 3 * (3 + 2))
    #expect(cells.allSatisfy { $0.arm != .oracle || $0.part.fraction == 0.5 })
    let curve = try #require(results(study).curve)
    #expect(curve.map { $0.arms.map(\.name) } == [["real", "synthetic", "oracle"], ["real", "synthetic"]])
    #expect(try #require(curve[0].arms[2].difference) > 0.1)
    let missing = try study.records().filter { $0.fraction != 0.5 || $0.arm != "oracle" }
    let error = try #require(throws: InputError.self) {
      try StudyAnalysis(plan: study.plan(), records: missing)
    }
    #expect(error.place == "oracle, seed 1, a fraction of 0.5")
  }

  /// Parts that nothing of a study's file changes keep their cells.
  @Test func moreSplitsAndFractionsKeepCells() throws {
    var study = splits(0, count: 3)
    study.fractions = [0.5, 1]
    let before = Set(try study.plan().cells().map(\.id))
    (study.splits, study.fractions) = (4, [0.25, 0.5, 1])
    let after = Set(try study.plan().cells().map(\.id))
    #expect(before.count == 3 * 2 * 2 * 2 && before.isSubset(of: after))
    let cells = try study.plan().cells()
    #expect(cells.prefix(12).allSatisfy { $0.part.split == 1 })
  }
}
