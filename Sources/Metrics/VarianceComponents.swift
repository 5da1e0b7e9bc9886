/// Where the uncertainty of a mean over seeds and test groups comes from, and what more of either would do.
///
/// In a crossed layout Var(mean) = σ²ₛ/n + σ²ᵧ/m + σ²ₛᵧ/(nm) for n seeds and m groups. The three parts follow from the seeds'
/// spread and from how the group bootstrap moves each seed's figure alone and their mean (the method of moments).
public struct VarianceComponents: Equatable, Sendable {
  public let seeds: Int
  public let groups: Int
  /// Variance between seeds, as if the test set were endless.
  public let betweenSeeds: Double
  /// Variance that the present test groups bring to every seed alike.
  public let betweenGroups: Double
  /// Variance that the present test groups bring to each seed on its own.
  public let interaction: Double

  /// - Parameter resampled: by resample of the groups, each seed's figure.
  init?(perSeed: [Double], groups: Int, resampled: [[Double]]) {
    guard perSeed.count > 1, resampled.count > 1 else { return nil }
    let count = Double(perSeed.count)
    let ofMean = Self.variance(resampled.map { $0.reduce(0, +) / count })
    let alone = perSeed.indices.reduce(0) { sum, seed in sum + Self.variance(resampled.map { $0[seed] }) } / count
    let own = max(0, (alone - ofMean) * count / (count - 1))
    seeds = perSeed.count
    self.groups = groups
    interaction = own
    betweenGroups = max(0, ofMean - own / count)
    betweenSeeds = max(0, Self.variance(perSeed) - own)
  }

  /// What the group part of a crossed resample must be multiplied by so that it keeps the variance of the groups alone: the
  /// interaction is in the seeds' spread already, and the resample would count it again, (2 − 1/n)/n times.
  var groupShare: Double {
    let count = Double(seeds)
    let again = interaction * (2 - 1 / count) / count
    return betweenGroups + again > 0 ? (betweenGroups / (betweenGroups + again)).squareRoot() : 1
  }

  /// Expected half width of the interval with `seeds` seeds (at least 2) and `groupFactor` times the present test groups,
  /// as a multiple of what the same formula gives now.
  public func relativeHalfWidth(seeds: Int, groupFactor: Double, confidence: Double) -> Double {
    precondition(seeds > 1 && groupFactor > 0, "a half width needs two seeds and some groups")
    let tail = 1 - (1 - confidence) / 2
    func squared(_ seeds: Int, _ factor: Double) -> Double {
      let t = Quantiles.studentT(tail, degreesOfFreedom: seeds - 1)
      let z = Quantiles.normal(tail)
      return t * t * (betweenSeeds + interaction / factor) / Double(seeds) + z * z * betweenGroups / factor
    }
    let now = squared(self.seeds, 1)
    return now > 0 ? (squared(seeds, groupFactor) / now).squareRoot() : 0
  }

  /// What would narrow an interval of half width `halfWidth` to below `target`: seeds alone, test groups alone, or both.
  public func needed(toNarrow halfWidth: Double, below target: Double, confidence: Double) -> NeededSize {
    func narrows(_ seeds: Int, _ factor: Double) -> Bool {
      halfWidth * relativeHalfWidth(seeds: seeds, groupFactor: factor, confidence: confidence) < target
    }
    let mostSeeds = 200, mostFactor = 100
    let factors = (1...mostFactor * 4).lazy.map { 1 + Double($0) / 4 }
    let both = factors.first { narrows(Int((Double(seeds) * $0).rounded(.up)), $0) }
    func groups(_ factor: Double) -> Int { Int((Double(self.groups) * factor).rounded(.up)) }
    return NeededSize(
      seeds: (seeds...max(seeds, mostSeeds)).first { narrows($0, 1) },
      groups: factors.first { narrows(seeds, $0) }.map(groups),
      both: both.map { (Int((Double(seeds) * $0).rounded(.up)), groups($0)) })
  }

  private static func variance(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
  }
}

/// How large a study would have to be. Each is a total, not an addition; nil where no reasonable number would do.
public struct NeededSize: Sendable {
  /// Seeds, with the present test set; nil above 200.
  public let seeds: Int?
  /// Test groups, with the present seeds; nil above 100 times the present ones.
  public let groups: Int?
  /// Both, grown alike.
  public let both: (seeds: Int, groups: Int)?
}
