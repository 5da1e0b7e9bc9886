import Metrics
import Torch

/// How like a set of synthetic images is to a set of real ones, by the features of a network.
public struct SetComparison: Codable, Equatable, Sendable {
  public struct Kernel: Codable, Equatable, Sendable {
    public let value: Double
    /// Holds 95 %.
    public let low: Double
    public let high: Double
    public let method: String
  }

  public struct Manifold: Codable, Equatable, Sendable {
    public let precision: Double
    public let recall: Double
    public let density: Double
    public let coverage: Double
    /// Balls reach to this neighbour.
    public let neighbour: Int
  }

  /// Distances to the nearest real image, in units of features.
  public struct Nearest: Codable, Equatable, Sendable {
    /// Medians: of synthetic images to real ones, and of real ones to other real ones.
    public let synthetic: Double
    public let real: Double
    /// Share of synthetic images that are nearer to a real one than 99 % of real images are to another: 1 % or so where
    /// nothing was copied.
    public let copies: Double
    /// For each synthetic image, which real one is nearest and how far it is.
    public let indices: [Int]
    public let distances: [Double]
    /// For each synthetic image, the mean distance to its nearest real ones, as many as the manifold's neighbour.
    public let meanDistances: [Double]
  }

  public let realImages: Int
  public let syntheticImages: Int
  public let frechet: Double
  public let kernel: Kernel
  public let manifold: Manifold
  public let nearest: Nearest

  /// The least number of images in either set.
  public static let leastImages = 6

  /// - Parameters:
  ///   - real: [N, D] with N of at least `leastImages`; so is `synthetic`, [M, D].
  ///   - seed: of the kernel distance's interval.
  public init(real: Tensor, synthetic: Tensor, seed: UInt64 = 0) throws(TorchError) {
    precondition(min(real.shape[0], synthetic.shape[0]) >= Self.leastImages, "too few images to compare")
    realImages = real.shape[0]
    syntheticImages = synthetic.shape[0]
    frechet = try FeatureStatistics(synthetic).frechetDistance(to: FeatureStatistics(real))
    let distance = try KernelDistance(synthetic, real, seed: seed)
    kernel = Kernel(
      value: distance.value, low: distance.interval.lowerBound, high: distance.interval.upperBound,
      method: distance.method)
    let neighbour = Self.leastImages - 1
    let figures = try ManifoldFigures(real: real, synthetic: synthetic, neighbour: neighbour)
    manifold = Manifold(
      precision: figures.precision, recall: figures.recall, density: figures.density, coverage: figures.coverage,
      neighbour: neighbour)
    let toReal = try NearestNeighbours(of: synthetic, among: real, meanOver: neighbour)
    let within = try NearestNeighbours(within: real).distances.sorted()
    let near = Quantiles.sample(within, 0.01)
    nearest = Nearest(
      synthetic: Quantiles.sample(toReal.distances.sorted(), 0.5), real: Quantiles.sample(within, 0.5),
      copies: Double(toReal.distances.count { $0 < near }) / Double(syntheticImages), indices: toReal.indices,
      distances: toReal.distances, meanDistances: toReal.meanDistances)
  }
}
