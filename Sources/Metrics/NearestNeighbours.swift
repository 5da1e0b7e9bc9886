import Torch

/// The nearest image of another set, or of the same, for each image, by Euclidean distance of features.
public struct NearestNeighbours: Sendable, Equatable {
  public let indices: [Int]
  public let distances: [Double]

  /// Shapes: [N, D], [M, D] → N neighbours.
  public init(of images: Tensor, among others: Tensor) throws(TorchError) {
    try self.init(
      ManifoldFigures.squaredDistances(images.converted(to: .float64), others.converted(to: .float64)))
  }

  /// Of each image among the other ones. Shapes: [N, D] with N of at least 2 → N neighbours.
  public init(within images: Tensor) throws(TorchError) {
    precondition(images.shape[0] > 1, "one image has no neighbour")
    let images = try images.converted(to: .float64)
    let own = try Tensor.arange(to: Double(images.shape[0]), type: .int64)
    let squares = try ManifoldFigures.squaredDistances(images, images)
    // Itself is no neighbour, wherever copies of it are.
    try self.init(squares.filled(where: own.unsqueezed(0).equal(own.unsqueezed(1)), with: .infinity))
  }

  private init(_ squares: Tensor) throws(TorchError) {
    let nearest = try squares.topK(1, 1, largest: false)
    indices = try nearest.indices.elements(as: Int64.self).map(Int.init)
    distances = try nearest.values.sqrt().elements(as: Double.self)
  }
}
