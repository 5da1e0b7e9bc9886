import Foundation
import Metrics
import Randomness
import Testing

struct CrossedBootstrapTests {
  /// Runs of a plain weighted mean over `items[arm][seed][item]`.
  private func means(_ items: [[[Double]]], _ bootstrap: CrossedBootstrap) -> ResampledFigures {
    bootstrap.resample(arms: items.count, figures: 1) { arm, seed, weights, figures in
      let sum = zip(items[arm][seed], weights).reduce(0) { $0 + $1.0 * $1.1 }
      figures[0] = sum / weights.reduce(0, +)
    }
  }

  private func noise(_ arms: Int, _ seeds: Int, _ count: Int, spread: Double) -> [[[Double]]] {
    var generator = SeededGenerator(seed: 4)
    return (0..<arms).map { _ in (0..<seeds).map { _ in (0..<count).map { _ in spread * generator.normal() } } }
  }

  private let groups = (0..<48).map { "tile \($0 / 6)" }

  @Test func estimatesAreMeansOverSeedsOnTheWholeSet() throws {
    let items: [[[Double]]] = [[[1, 2, 3], [3, 4, 5]], [[0, 0, 0], [1, 1, 1]]]
    let figures = means(items, CrossedBootstrap(groups: ["a", "b", "c"], seeds: 2, replicates: 20))
    #expect(try #require(figures.estimate(figure: 0, arm: 0)).value == 3)
    let difference = try #require(figures.difference(figure: 0, arm: 0, minus: 1))
    #expect(difference.value == 2.5)
    #expect(difference.perSeed == [2, 3])
    #expect(figures.perSeed(figure: 0, arm: 1) == [0, 1])
  }

  /// The arms share their noise, so their difference is exact although each arm's own figure is not.
  @Test func theSameResampleServesBothArms() throws {
    let base = noise(1, 5, 48, spread: 1)[0]
    let shifted = base.map { $0.map { $0 + 0.25 } }
    let figures = means([base, shifted], CrossedBootstrap(groups: groups, seeds: 5, replicates: 200))
    let own = try #require(figures.estimate(figure: 0, arm: 0)?.interval)
    #expect(own.upperBound - own.lowerBound > 0.1)
    let difference = try #require(figures.difference(figure: 0, arm: 1, minus: 0)?.interval)
    #expect(abs(difference.lowerBound - 0.25) < 1e-9 && abs(difference.upperBound - 0.25) < 1e-9)
  }

  @Test func theSeedDecidesTheInterval() throws {
    let items = noise(1, 5, 48, spread: 1)
    func interval(_ seed: UInt64) throws -> ClosedRange<Double> {
      let bootstrap = CrossedBootstrap(groups: groups, seeds: 5, replicates: 100, seed: seed)
      return try #require(means(items, bootstrap).estimate(figure: 0, arm: 0)?.interval)
    }
    #expect(try interval(1) == interval(1))
    #expect(try interval(1) != interval(2))
  }

  /// Items of one group are copies of each other: forty-eight of them say no more than eight.
  @Test func groupsAreDrawnWhole() throws {
    var generator = SeededGenerator(seed: 12)
    let tiles = (0..<8).map { _ in generator.normal() }
    let items = [[(0..<48).map { tiles[$0 / 6] }, (0..<48).map { tiles[$0 / 6] }]]
    func width(_ groups: [String]) throws -> Double {
      let bootstrap = CrossedBootstrap(groups: groups, seeds: 2, replicates: 400)
      let interval = try #require(means(items, bootstrap).estimate(figure: 0, arm: 0)?.interval)
      return interval.upperBound - interval.lowerBound
    }
    let grouped = try width(groups)
    let apart = try width((0..<48).map { "\($0)" })
    #expect(abs(grouped / apart - 6.0.squareRoot()) < 0.4)
  }

  @Test func undefinedResamplesAreLeftOutAndCounted() throws {
    let bootstrap = CrossedBootstrap(groups: ["a", "b"], seeds: 2, replicates: 400)
    // Undefined without group a, which one resample in four lacks.
    let some = bootstrap.resample(arms: 1, figures: 1) { _, _, weights, figures in
      figures[0] = weights[0] > 0 ? 1 : .nan
    }
    let estimate = try #require(some.estimate(figure: 0, arm: 0))
    #expect(estimate.interval == 1...1)
    #expect((70...130).contains(estimate.undefinedReplicates))
    let never = bootstrap.resample(arms: 1, figures: 1) { _, _, _, figures in figures[0] = .nan }
    #expect(never.estimate(figure: 0, arm: 0) == nil)
    #expect(never.perSeed(figure: 0, arm: 0) == [nil, nil])
    // Defined on the whole set, but on too few resamples: a value without an interval.
    let three = CrossedBootstrap(groups: ["a", "b", "c"], seeds: 2, replicates: 400)
    let rarely = three.resample(arms: 1, figures: 1) { _, _, weights, figures in
      figures[0] = weights == [1, 1, 1] ? 1 : .nan
    }
    let lone = try #require(rarely.estimate(figure: 0, arm: 0))
    #expect(lone.value == 1)
    #expect(lone.interval == nil && lone.pValue == nil && lone.components == nil)
  }

  @Test func pValuesTellAnEffectFromNone() throws {
    var items = noise(2, 5, 48, spread: 0.2)
    let bootstrap = CrossedBootstrap(groups: groups, seeds: 5, replicates: 400)
    let none = try #require(means(items, bootstrap).difference(figure: 0, arm: 1, minus: 0)?.pValue)
    items[1] = items[1].map { $0.map { $0 + 1 } }
    let clear = try #require(means(items, bootstrap).difference(figure: 0, arm: 1, minus: 0)?.pValue)
    #expect(none > 0.05)
    #expect(clear < 0.01)
  }

  @Test func componentsComeApart() throws {
    let (seeds, count) = (40, 200)
    var generator = SeededGenerator(seed: 21)
    let seedParts = (0..<seeds).map { _ in 0.5 * generator.normal() }
    let groupParts = (0..<count).map { _ in 3 * generator.normal() }
    let items = [seedParts.map { part in groupParts.map { part + $0 + 4 * generator.normal() } }]
    let bootstrap = CrossedBootstrap(groups: (0..<count).map { "\($0)" }, seeds: seeds, replicates: 500)
    let components = try #require(means(items, bootstrap).estimate(figure: 0, arm: 0)?.components)
    #expect(abs(components.betweenSeeds - 0.25) < 0.13)
    #expect(abs(components.betweenGroups - 9.0 / 200) < 0.015)
    #expect(abs(components.interaction - 16.0 / 200) < 0.02)
  }

  /// Half the width takes four times the groups where the groups bring all the variance, and seeds then do nothing.
  @Test func whatMoreDataWouldDo() throws {
    var generator = SeededGenerator(seed: 2)
    let tiles = (0..<100).map { _ in generator.normal() }
    let bootstrap = CrossedBootstrap(groups: (0..<100).map { "\($0)" }, seeds: 5, replicates: 200)
    let estimate = try #require(means([Array(repeating: tiles, count: 5)], bootstrap).estimate(figure: 0, arm: 0))
    let components = try #require(estimate.components)
    #expect(abs(components.relativeHalfWidth(seeds: 5, groupFactor: 4, confidence: 0.95) - 0.5) < 1e-6)
    let needed = components.needed(toNarrow: 0.2, below: 0.1001, confidence: 0.95)
    #expect(needed.seeds == nil)
    #expect(needed.groups == 400)
    // Where only the seeds differ, t/√n must halve from n = 5: 0.512 of it at 12 seeds, 0.487 at 13.
    let constant = (0..<5).map { seed in Array(repeating: Double(seed), count: 100) }
    let seedsOnly = try #require(means([constant], bootstrap).estimate(figure: 0, arm: 0)?.components)
    let more = seedsOnly.needed(toNarrow: 0.2, below: 0.1, confidence: 0.95)
    #expect(more.seeds == 13)
    #expect(more.groups == nil)
  }

  /// One seed says nothing about training afresh: an interval over groups, and no components.
  @Test func oneSeedHasNoSeedVariance() throws {
    let figures = means(noise(1, 1, 48, spread: 1), CrossedBootstrap(groups: groups, seeds: 1, replicates: 100))
    let estimate = try #require(figures.estimate(figure: 0, arm: 0))
    #expect(estimate.components == nil)
    #expect(estimate.interval != nil)
  }
}
