/// How like held-out real images a translator's were after some step.
public struct TrainingFigures: Equatable, Sendable {
  public let step: Int
  /// The kernel Inception distance, and what holds it by 95 %.
  public let kernel: Double
  public let kernelLow: Double
  public let kernelHigh: Double
  public let frechet: Double
  public let precision: Double
  public let recall: Double
  public let density: Double
  public let coverage: Double

  public static let names = ["kid", "kid_low", "kid_high", "fid", "precision", "recall", "density", "coverage"]

  /// In the order of `names`.
  public var values: [Double] { [kernel, kernelLow, kernelHigh, frechet, precision, recall, density, coverage] }

  init(step: Int, _ comparison: SetComparison) {
    self.init(
      step: step,
      values: [
        comparison.kernel.value, comparison.kernel.low, comparison.kernel.high, comparison.frechet,
        comparison.manifold.precision, comparison.manifold.recall, comparison.manifold.density,
        comparison.manifold.coverage,
      ])
  }

  /// - Precondition: a value for each name.
  init(step: Int, values: [Double]) {
    precondition(values.count == Self.names.count, "a value for each figure")
    self.step = step
    kernel = values[0]
    kernelLow = values[1]
    kernelHigh = values[2]
    frechet = values[3]
    precision = values[4]
    recall = values[5]
    density = values[6]
    coverage = values[7]
  }
}
