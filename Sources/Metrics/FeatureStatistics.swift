import Torch

/// What the Fréchet distance knows of a set of images: mean and covariance of their features.
public struct FeatureStatistics {
  public let count: Int
  /// [D], float64.
  let mean: Tensor
  /// [D, D], float64, divided by count − 1.
  let covariance: Tensor
  /// The covariance's trace.
  private let variance: Double

  /// Shapes: [N, D] with N of at least 2.
  public init(_ features: Tensor) throws(TorchError) {
    precondition(features.shape.count == 2 && features.shape[0] > 1, "features of two images or more, [N, D]")
    let features = try features.converted(to: .float64)
    count = features.shape[0]
    mean = try features.mean([0])
    let centred = try features - mean
    covariance = try centred.transposed(0, 1).matmul(centred) / Double(count - 1)
    variance = try features.variance([0]).sum().item()
  }

  /// |μ − μ′|² + tr(Σ + Σ′ − 2 (Σ Σ′)^½): the squared Fréchet distance of two normal distributions (Heusel et al., NeurIPS 2017,
  /// equation 6).
  ///
  /// The root's trace is that of (Σ^½ Σ′ Σ^½)^½, whose eigenvalues are real and not negative, so that sets with fewer images than
  /// features need nothing added to their covariance. The estimate is biased upwards the more the fewer images there are: only
  /// sets of the same sizes compare.
  public func frechetDistance(to other: FeatureStatistics) throws(TorchError) -> Double {
    let (values, vectors) = try covariance.symmetricEigen()
    let root = try (vectors * values.clamped(0, .infinity).sqrt()).matmul(vectors.transposed(0, 1))
    let product = try root.matmul(other.covariance).matmul(root)
    let trace = try product.symmetricEigenvalues().clamped(0, .infinity).sqrt().sum().item()
    return try (mean - other.mean).squared().sum().item() + variance + other.variance - 2 * trace
  }
}
