/// What a `CrossedBootstrap` measured: every figure of every arm and seed, on the whole test set and on each resample.
public struct ResampledFigures: Sendable {
  let arms: Int
  let seeds: Int
  let figures: Int
  let groups: Int
  let confidence: Double
  /// By arm, seed, figure.
  let observed: [Double]
  /// By replicate, arm, seed, figure.
  let values: [Double]
  /// By replicate: the share of each seed in the draw.
  let seedDraws: [[Double]]

  /// One arm's figure, averaged over the seeds. Nil where the figure is undefined on the whole test set.
  public func estimate(figure: Int, arm: Int) -> Estimate? {
    estimate(figure: figure) { values, base in values[base + arm * seeds * figures + figure] }
  }

  /// How much higher one arm's figure is than another's, seed by seed, averaged over the seeds. Nil where undefined.
  public func difference(figure: Int, arm: Int, minus other: Int) -> Estimate? {
    estimate(figure: figure) { values, base in
      values[base + arm * seeds * figures + figure] - values[base + other * seeds * figures + figure]
    }
  }

  /// One arm's figure for each seed on the whole test set; nil where undefined.
  public func perSeed(figure: Int, arm: Int) -> [Double?] {
    (0..<seeds).map { seed in
      let value = observed[(arm * seeds + seed) * figures + figure]
      return value.isNaN ? nil : value
    }
  }

  /// - Parameter read: the quantity of the seed whose figures start at the given offset, were it the first arm's.
  private func estimate(figure: Int, read: ([Double], Int) -> Double) -> Estimate? {
    precondition((0..<figures).contains(figure), "there are \(figures) figures, not \(figure + 1)")
    let perSeed = (0..<seeds).map { read(observed, $0 * figures) }
    let mean = perSeed.reduce(0, +) / Double(seeds)
    guard mean.isFinite else { return nil }

    let stride = arms * seeds * figures
    var draws: [[Double]] = [], resampled: [[Double]] = []
    for (replicate, draw) in seedDraws.enumerated() {
      let row = (0..<seeds).map { read(values, replicate * stride + $0 * figures) }
      guard row.allSatisfy(\.isFinite) else { continue }
      draws.append(draw)
      resampled.append(row)
    }
    let components = VarianceComponents(perSeed: perSeed, groups: groups, resampled: resampled)
    let expansion = seeds > 1 ? Estimate.expansion(seeds: seeds, confidence: confidence) : 1
    let groupShare = components?.groupShare ?? 1
    var samples: [Double] = [], plain: [Double] = []
    for (row, draw) in zip(resampled, draws) {
      let seedPart = zip(perSeed, draw).reduce(0) { $0 + $1.0 * $1.1 } - mean
      let groupPart = zip(row, draw).reduce(0) { $0 + $1.0 * $1.1 } - seedPart - mean
      samples.append(mean + expansion * seedPart + groupShare * groupPart)
      plain.append(mean + seedPart + groupPart)
    }
    return Estimate(
      value: mean, perSeed: perSeed, confidence: confidence, samples: samples, plainSamples: plain,
      undefinedReplicates: seedDraws.count - samples.count, components: components)
  }
}
