import Randomness

/// The bootstrap for figures that were measured with several seeds on one test set, whose items come in groups.
///
/// Seeds and groups are crossed: every seed's model is scored on the same groups. Each replicate therefore draws the groups
/// once, with replacement, and the seeds once, with replacement (the pigeonhole bootstrap, Owen 2007), and uses the same
/// two draws for every arm, so that differences between arms are paired. Drawing a group takes all of its items along.
///
/// Two corrections make the percentile intervals honest where a plain one is not:
/// 1. Seeds are few, and a percentile interval over five of them is too narrow. The part of each replicate that comes from
///    the draw of seeds is widened by √(n/(n−1)) · t(n−1)/z (the expanded percentile interval, Hesterberg 2015).
/// 2. The crossed draw counts the interaction of seeds and groups about three times. The part that comes from the draw of
///    groups is narrowed to the variance of the groups alone (`VarianceComponents`), since the seeds' spread holds the rest.
///
/// Measured on 1000 simulated studies of 60 groups for each of five mixtures of variance, 95 % intervals covered the truth in
/// 93.8 to 97.5 % with 5 seeds (plain ones in 84.0 to 99.8 %), and in 93.7 to 98.1 % with 2, 3 and 10 seeds (plain: 49.8 to
/// 99.8 %). For differences of average precision with 5 seeds and 20 to 60 positives, in eight settings of 400 studies each, it
/// was 93.3 to 96.3 % (plain: 93.5 to 99.3 %). `CoverageTests` measures it.
public struct CrossedBootstrap: Sendable {
  /// Each item's group, as a position in `0..<groupCount`.
  public let groups: [Int]
  public let groupCount: Int
  public let seedCount: Int
  public let replicates: Int
  /// In (0, 1), for example 0.95.
  public let confidence: Double
  private let seed: UInt64

  /// - Parameters:
  ///   - groups: each item's group under any name.
  ///   - seed: the same seed gives the same intervals.
  public init(groups: [String], seeds: Int, replicates: Int = 2000, confidence: Double = 0.95, seed: UInt64 = 0) {
    precondition(!groups.isEmpty && seeds > 0 && replicates > 0, "a bootstrap needs items, seeds and replicates")
    precondition(confidence > 0 && confidence < 1, "confidence lies in (0, 1), got \(confidence)")
    var positions: [String: Int] = [:]
    self.groups = groups.map { name in
      let position = positions[name] ?? positions.count
      positions[name] = position
      return position
    }
    groupCount = positions.count
    seedCount = seeds
    self.replicates = replicates
    self.confidence = confidence
    self.seed = seed
  }

  /// Measures every run on the whole test set and on every resample of its groups.
  ///
  /// - Parameters:
  ///   - arms: how many arms were run, each with every seed.
  ///   - figures: how many figures each run has.
  ///   - measure: fills in the figures of one arm and seed under the given weight per item; NaN where one is undefined.
  public func resample(
    arms: Int, figures: Int,
    measure: (_ arm: Int, _ seed: Int, _ weights: [Double], _ figures: inout [Double]) throws -> Void
  ) rethrows -> ResampledFigures {
    precondition(arms > 0 && figures > 0, "a bootstrap needs arms and figures")
    var scratch = [Double](repeating: .nan, count: figures)
    func measureAll(_ weights: [Double], into values: inout [Double]) throws {
      for arm in 0..<arms {
        for seed in 0..<seedCount {
          for index in scratch.indices { scratch[index] = .nan }
          try measure(arm, seed, weights, &scratch)
          precondition(scratch.count == figures, "measure must fill \(figures) figures, not \(scratch.count)")
          values.append(contentsOf: scratch)
        }
      }
    }
    var observed: [Double] = []
    try measureAll([Double](repeating: 1, count: groups.count), into: &observed)

    var values: [Double] = []
    values.reserveCapacity(replicates * arms * seedCount * figures)
    var seedDraws: [[Double]] = []
    var multiplicity = [Double](repeating: 0, count: groupCount)
    for replicate in 0..<replicates {
      var generator = SeededGenerator(seed: seed, purpose: "bootstrap", replicate)
      for index in multiplicity.indices { multiplicity[index] = 0 }
      for _ in 0..<groupCount { multiplicity[generator.int(below: groupCount)] += 1 }
      try measureAll(groups.map { multiplicity[$0] }, into: &values)
      var draws = [Double](repeating: 0, count: seedCount)
      for _ in 0..<seedCount { draws[generator.int(below: seedCount)] += 1 / Double(seedCount) }
      seedDraws.append(draws)
    }
    return ResampledFigures(
      arms: arms, seeds: seedCount, figures: figures, groups: groupCount, confidence: confidence, observed: observed,
      values: values, seedDraws: seedDraws)
  }
}
