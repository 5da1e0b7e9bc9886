import Torch

/// How far synthetic images lie where real ones do, and how far they cover them, by balls around images that reach to the
/// k-th neighbour of their own set.
public struct ManifoldFigures: Sendable, Equatable {
  /// Share of synthetic images in a ball of a real one (Kynkäänniemi et al., NeurIPS 2019).
  public let precision: Double
  /// Share of real images in a ball of a synthetic one (the same).
  public let recall: Double
  /// Real balls that hold a synthetic image, over k, averaged: 1 where both sets are alike (Naeem et al., ICML 2020).
  public let density: Double
  /// Share of real images whose ball holds a synthetic one (the same).
  public let coverage: Double

  /// Shapes: [N, D], [M, D], each of more than `neighbour` images.
  public init(real: Tensor, synthetic: Tensor, neighbour: Int = 5) throws(TorchError) {
    precondition(
      neighbour > 0 && min(real.shape[0], synthetic.shape[0]) > neighbour, "more images than the neighbour's number")
    let (real, synthetic) = (try real.converted(to: .float64), try synthetic.converted(to: .float64))
    let realRadii = try Self.radii(real, neighbour).unsqueezed(1)
    let syntheticRadii = try Self.radii(synthetic, neighbour).unsqueezed(0)
    let distances = try Self.squaredDistances(real, synthetic)  // [N, M]
    let inReal = try distances.less(realRadii)
    precision = try inReal.any([0]).converted(to: .float64).mean().item()
    recall = try distances.less(syntheticRadii).any([1]).converted(to: .float64).mean().item()
    density = try inReal.converted(to: .float64).sum([0]).mean().item() / Double(neighbour)
    coverage = try inReal.any([1]).converted(to: .float64).mean().item()
  }

  /// |x − y|² between all pairs: [N, D], [M, D] → [N, M].
  static func squaredDistances(_ x: Tensor, _ y: Tensor) throws(TorchError) -> Tensor {
    let squares = try x.squared().sum([1]).unsqueezed(1) + y.squared().sum([1]).unsqueezed(0)
    return try (squares - x.matmul(y.transposed(0, 1)) * 2).clamped(0, .infinity)
  }

  /// The squared distance to the k-th nearest other image: [N, D] → [N].
  private static func radii(_ x: Tensor, _ neighbour: Int) throws(TorchError) -> Tensor {
    // An image is its own nearest.
    try squaredDistances(x, x).topK(neighbour + 1, 1, largest: false).values.selected(1, neighbour)
  }
}
