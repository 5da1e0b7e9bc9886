import Foundation
import Metrics
import Randomness
import Testing

/// Does a 95 % interval cover the truth in 95 % of studies? Simulated studies, whose truth is known, say.
///
/// `PATINA_COVERAGE=2000` repeats it with that many studies each; the figures in `CrossedBootstrap`'s documentation come from it.
struct CoverageTests {
  /// Standard deviations between seeds, between test groups, and of each seed on each group.
  struct Spread: Sendable, CustomTestStringConvertible {
    var seeds: Double
    var groups: Double
    var both: Double
    var testDescription: String { "seeds \(seeds), groups \(groups), both \(both)" }
  }

  static let spreads = [
    Spread(seeds: 1, groups: 0, both: 0), Spread(seeds: 0, groups: 8, both: 0), Spread(seeds: 1, groups: 4, both: 0),
    Spread(seeds: 1, groups: 4, both: 4), Spread(seeds: 0, groups: 0, both: 4),
  ]

  /// The share of intervals that cover the true mean, 0.3, and the share of plain intervals that do.
  private func coverage(_ spread: Spread, seeds: Int, studies: Int, replicates: Int) -> (ours: Double, plain: Double) {
    let truth = 0.3
    let estimates = estimates(spread, seeds: seeds, studies: studies, replicates: replicates, truth: truth)
    let covered = estimates.count { $0.interval?.contains(truth) ?? false }
    let plain = estimates.count { $0.plainInterval?.contains(truth) ?? false }
    return (Double(covered) / Double(studies), Double(plain) / Double(studies))
  }

  /// What simulated studies find of a true mean.
  private func estimates(
    _ spread: Spread, seeds: Int, studies: Int, replicates: Int, truth: Double
  ) -> [Estimate] {
    let groups = 60
    return (0..<studies).compactMap { study in
      var generator = SeededGenerator(seed: 99, purpose: "study", study)
      let seedParts = (0..<seeds).map { _ in spread.seeds * generator.normal() }
      let groupParts = (0..<groups).map { _ in spread.groups * generator.normal() }
      let own = (0..<seeds * groups).map { _ in spread.both * generator.normal() }
      let bootstrap = CrossedBootstrap(
        groups: (0..<groups).map { "g\($0)" }, seeds: seeds, replicates: replicates, seed: UInt64(study))
      let figures = bootstrap.resample(arms: 1, figures: 1) { _, seed, weights, figures in
        var sum = 0.0, total = 0.0
        for group in weights.indices {
          sum += weights[group] * (truth + seedParts[seed] + groupParts[group] + own[seed * groups + group])
          total += weights[group]
        }
        figures[0] = sum / total
      }
      return figures.estimate(figure: 0, arm: 0)
    }
  }

  /// With 100 studies, three standard errors below 0.95 is 0.88. Plain intervals fail both ways: 0.84 where all variance is
  /// the seeds', 0.998 where it is all interaction.
  @Test(arguments: spreads)
  func intervalsCoverTheTruth(spread: Spread) {
    let studies = ProcessInfo.processInfo.environment["PATINA_COVERAGE"].flatMap(Int.init) ?? 100
    let (ours, plain) = coverage(spread, seeds: 5, studies: studies, replicates: studies > 100 ? 1000 : 200)
    if studies > 100 { print("coverage, \(spread.testDescription): \(ours), plain \(plain)") }
    #expect(ours >= 0.88)
    if spread.groups == 0, spread.both == 0 { #expect(plain < ours - 0.03) }
    if spread.seeds == 0, spread.groups == 0 { #expect(ours < 0.99 && plain >= ours) }
  }

  /// At the smallest effect that studies of a kind find in four cases of five, on average, about so many of them find it.
  @Test(arguments: spreads.prefix(4))
  func theMinimumDetectableEffectIsDetected(spread: Spread) throws {
    let studies = ProcessInfo.processInfo.environment["PATINA_COVERAGE"].flatMap(Int.init) ?? 100
    let replicates = studies > 100 ? 1000 : 200
    let effects = try estimates(spread, seeds: 5, studies: studies, replicates: replicates, truth: 0).map {
      try #require($0.minimumDetectableEffect())
    }
    let effect = effects.reduce(0, +) / Double(studies)
    let found = estimates(spread, seeds: 5, studies: studies, replicates: replicates, truth: effect).count {
      ($0.interval?.lowerBound ?? 0) > 0
    }
    let power = Double(found) / Double(studies)
    if studies > 100 { print("power, \(spread.testDescription): \(power)") }
    #expect((0.7...0.95).contains(power), "\(power)")
  }

  /// The same for what studies ask: the difference of two arms' average precision, on images of which few are positive and
  /// which share their difficulty within a group. Both arms are alike, so the true difference is 0.
  @Test func differencesOfAveragePrecisionCoverTheTruth() throws {
    let asked = ProcessInfo.processInfo.environment["PATINA_COVERAGE"].flatMap(Int.init)
    let studies = asked ?? 40
    var covered = 0
    for study in 0..<studies {
      var generator = SeededGenerator(seed: 5, purpose: "average precision", study)
      let groups = 80
      var truths: [Bool] = [], hardness: [Double] = [], names: [String] = []
      for group in 0..<groups {
        let shared = 0.7 * generator.normal()
        for image in 0..<3 {
          truths.append(group % 8 == 0 && image < 2)
          hardness.append(shared + 0.5 * generator.normal())
          names.append("\(group)")
        }
      }
      let cells = try (0..<10).map { _ in
        let strength = 1.5 + 0.1 * generator.normal()
        let scores = truths.indices.map { (truths[$0] ? strength : 0) + hardness[$0] + 0.5 * generator.normal() }
        return try RankedScores(scores: scores, positives: truths)
      }
      let bootstrap = CrossedBootstrap(
        groups: names, seeds: 5, replicates: asked == nil ? 120 : 1000, seed: UInt64(study))
      let figures = bootstrap.resample(arms: 2, figures: 1) { arm, seed, weights, figures in
        figures[0] = cells[arm * 5 + seed].averagePrecision(weights: weights) ?? .nan
      }
      let interval = try #require(figures.difference(figure: 0, arm: 1, minus: 0)?.interval)
      if interval.contains(0) { covered += 1 }
    }
    if asked != nil { print("coverage, average precision: \(Double(covered) / Double(studies))") }
    #expect(Double(covered) / Double(studies) >= 0.88)
  }
}
