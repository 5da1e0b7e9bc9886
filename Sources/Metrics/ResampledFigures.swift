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

  /// One arm's figure by replicate, as `estimate(figure:arm:)` has it before its quantiles are taken: NaN where a replicate has
  /// none. Replicates of one bootstrap over the same groups belong together, also in another `ResampledFigures`.
  public func replicates(figure: Int, arm: Int) -> [Double]? {
    corrected(figure: figure) { values, base in values[base + arm * seeds * figures + figure] }?.samples
  }

  private func estimate(figure: Int, read: ([Double], Int) -> Double) -> Estimate? {
    guard let corrected = corrected(figure: figure, read: read) else { return nil }
    let samples = corrected.samples.filter(\.isFinite)
    return Estimate(
      value: corrected.mean, perSeed: corrected.perSeed, confidence: confidence, samples: samples,
      plainSamples: corrected.plain.filter(\.isFinite), undefinedReplicates: seedDraws.count - samples.count,
      components: corrected.components)
  }

  private struct Corrected {
    var mean: Double
    var perSeed: [Double]
    /// By replicate, NaN where undefined: with both corrections, and without.
    var samples: [Double]
    var plain: [Double]
    var components: VarianceComponents?
  }

  /// - Parameter read: the quantity of the seed whose figures start at the given offset, were it the first arm's.
  private func corrected(figure: Int, read: ([Double], Int) -> Double) -> Corrected? {
    precondition((0..<figures).contains(figure), "there are \(figures) figures, not \(figure + 1)")
    let perSeed = (0..<seeds).map { read(observed, $0 * figures) }
    let mean = perSeed.reduce(0, +) / Double(seeds)
    guard mean.isFinite else { return nil }

    let stride = arms * seeds * figures
    let rows = seedDraws.indices.map { replicate in
      (0..<seeds).map { read(values, replicate * stride + $0 * figures) }
    }
    let components = VarianceComponents(
      perSeed: perSeed, groups: groups, resampled: rows.filter { $0.allSatisfy(\.isFinite) })
    let expansion = seeds > 1 ? Estimate.expansion(seeds: seeds, confidence: confidence) : 1
    let groupShare = components?.groupShare ?? 1
    var samples: [Double] = [], plain: [Double] = []
    for (row, draw) in zip(rows, seedDraws) {
      let seedPart = zip(perSeed, draw).reduce(0) { $0 + $1.0 * $1.1 } - mean
      // A seed that was not drawn leaves a replicate undefined too: NaN · 0 is NaN.
      let groupPart = zip(row, draw).reduce(0) { $0 + $1.0 * $1.1 } - seedPart - mean
      samples.append(mean + expansion * seedPart + groupShare * groupPart)
      plain.append(mean + seedPart + groupPart)
    }
    return Corrected(mean: mean, perSeed: perSeed, samples: samples, plain: plain, components: components)
  }
}
