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

  /// Weights are by image of all test sets together; a split takes those of its own.
  @Test func aSplitIsWeighedByItsOwnTestImages() throws {
    let study = splits(1, count: 3)
    let (plan, records) = (try study.plan(), try study.records())
    let cells = try ScoredCells(plan: plan, records: records, fraction: nil)
    func figures(_ run: Int, _ weights: [Double]) -> [Double] {
      var result = [Double](repeating: 0, count: cells.figureCount)
      cells.measure(arm: 0, run: run, weights: weights, into: &result)
      return result
    }
    for run in 0..<3 {
      let own = Set(try #require(records.first { $0.split == run + 1 }).test.map(\.group))
      let all = figures(run, cells.groups.map { _ in 1 })
      #expect(own.count == 40 && all.allSatisfy { $0.isFinite })
      // Images of other splits count nothing, its own do.
      #expect(figures(run, cells.groups.map { own.contains($0) ? 1 : 0 }) == all)
      #expect(figures(run, cells.groups.map { own.contains($0) ? 0 : 1 }).allSatisfy { $0.isNaN })
    }
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

  /// 95 % of the intervals hold the truth. Where arms do not differ, hardly any study says that they do; where they do, most say so.
  ///
  /// `PATINA_COVERAGE=1000` repeats it with so many studies.
  @Test(arguments: [(3, 0), (5, 0), (10, 0), (5, 0.6)])
  func intervalsHoldTheTruth(count: Int, gain: Double) throws {
    let studies = ProcessInfo.processInfo.environment["PATINA_COVERAGE"].flatMap(Int.init) ?? 25
    var (helps, harms) = (0, 0)
    var found: [(value: Double, interval: Interval?)] = []
    for world in 0..<studies {
      var study = splits(gain, count: count)
      (study.world, study.seeds, study.smallestEffect) = (world, 1, 0.001)
      study.replicates = studies > 100 ? 400 : 100
      let results = try results(study)
      helps += results.verdict.outcome == .helps ? 1 : 0
      harms += results.verdict.outcome == .harms ? 1 : 0
      let difference = try #require(
        results.difference(of: "synthetic", against: "real", figure: .averagePrecision, scope: .mean))
      found.append((difference.value, difference.interval))
    }
    // Nobody knows what a gain of the scores makes of average precision: the mean of all studies stands for it.
    let truth = gain == 0 ? 0 : found.reduce(0) { $0 + $1.value } / Double(studies)
    let covered = found.count { $0.interval.map { $0.lower <= truth && $0.upper >= truth } ?? false }
    if studies > 100 {
      print("\(count) splits, \(gain): helps \(helps), harms \(harms), covered \(covered) of \(studies)")
    }
    // Three standard errors: 0.05 + 3 · √(0.05 · 0.95 / n).
    let bound = 0.05 + 3 * (0.0475 / Double(studies)).squareRoot()
    #expect(Double(studies - covered) <= bound * Double(studies))
    #expect(Double(harms) <= bound * Double(studies))
    #expect(gain == 0 ? Double(helps) <= bound * Double(studies) : helps * 2 > studies)
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
    #expect(try results(study).verdict.explanation.contains { $0.contains("are worth at least 30 more real ones") })
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

  /// The first trainings tell, on the validation split, whether there is anything to gain.
  @Test func theRoomForAGainIsTold() throws {
    var study = SimulatedStudy(separation: [.real: 2, .synthetic: 2, .oracle: 3])
    (study.fractions, study.doubling, study.splits) = ([0.25, 1], 0.5, 3)
    let cells = try study.plan().cells()
    let settings = try study.plan().settings
    let first = Array(cells.prefix { StudyHeadroom.isTold(by: $0, in: settings) })
    #expect(first.map(\.arm) == [.real, .oracle, .real])
    #expect(first.allSatisfy { $0.part.split == 1 && $0.seed == 1 })
    let headroom = try #require(try StudyHeadroom(first.map(study.record), settings: study.plan().settings))
    let points = headroom.points
    #expect(points.map(\.defects) == [10, 40] && points.map(\.fraction) == [0.25, 1])
    #expect(points[0].real < points[1].real && points[0].real < (points[0].oracle ?? 0))
    #expect(points[1].oracle == nil && !headroom.text.contains("no gain of"))
    #expect(headroom.text.contains("\(String(format: "%.3f", points[0].real)) with 10 real defects ("))
    // The last training's validation images alone: nothing of the test split.
    var blind = first.map(study.record)
    for index in blind.indices { blind[index].test = [] }
    #expect(try StudyHeadroom(blind, settings: study.plan().settings) == headroom)
    // Nothing to gain with all of them, something with a quarter; and nothing at all.
    study.separation[.real] = 12
    study.doubling = 5
    let full = try #require(try StudyHeadroom(first.map(study.record), settings: study.plan().settings))
    #expect(full.text.hasSuffix("look at the fraction of 0.25"), "\(full.text)")
    study.doubling = 0
    let none = try #require(try StudyHeadroom(first.map(study.record), settings: study.plan().settings))
    #expect(none.text.contains("ask a harder question"))
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
