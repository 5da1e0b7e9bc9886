import Torch

/// The nearest image of another set, or of the same, for each image, by Euclidean distance of features.
public struct NearestNeighbours: Sendable, Equatable {
  public let indices: [Int]
  public let distances: [Double]
  /// Mean distance to so many nearest images as were asked for: less than `distances` a matter of a single one.
  public let meanDistances: [Double]

  /// - Parameter count: of images that the mean distance is taken over, at most M.
  ///
  /// Shapes: [N, D], [M, D] → N neighbours.
  public init(of images: Tensor, among others: Tensor, meanOver count: Int = 1) throws(TorchError) {
    precondition((1...others.shape[0]).contains(count), "as many neighbours as there are images, or fewer")
    try self.init(
      ManifoldFigures.squaredDistances(images.converted(to: .float64), others.converted(to: .float64)),
      meanOver: count)
  }

  /// Of each image among the other ones. Shapes: [N, D] with N of at least 2 → N neighbours.
  public init(within images: Tensor) throws(TorchError) {
    precondition(images.shape[0] > 1, "one image has no neighbour")
    let images = try images.converted(to: .float64)
    let own = try Tensor.arange(to: Double(images.shape[0]), type: .int64)
    let squares = try ManifoldFigures.squaredDistances(images, images)
    // Itself is no neighbour, wherever copies of it are.
    try self.init(
      squares.filled(where: own.unsqueezed(0).equal(own.unsqueezed(1)), with: .infinity),
      meanOver: 1)
  }

  /// Of each image among those that belong to another group: views of one thing are no neighbours. An image whose group all
  /// others belong to is infinitely far from them.
  ///
  /// Shapes: [N, D], [M, D] → N neighbours.
  /// - Parameters:
  ///   - groups: of the images, N of them.
  ///   - otherGroups: of the others, M of them.
  public init(
    of images: Tensor, in groups: [Int], among others: Tensor, in otherGroups: [Int]
  ) throws(TorchError) {
    precondition(
      groups.count == images.shape[0] && otherGroups.count == others.shape[0], "every image belongs to a group")
    let squares = try ManifoldFigures.squaredDistances(
      images.converted(to: .float64), others.converted(to: .float64))
    let (own, other) = (
      try Tensor(groups.map(Int64.init), shape: [groups.count, 1]),
      try Tensor(otherGroups.map(Int64.init), shape: [1, otherGroups.count])
    )
    try self.init(squares.filled(where: own.equal(other), with: .infinity), meanOver: 1)
  }

  private init(_ squares: Tensor, meanOver count: Int) throws(TorchError) {
    let nearest = try squares.topK(count, 1, largest: false)
    let distances = try nearest.values.sqrt()  // [N, count], ascending
    indices = try nearest.indices.selected(1, 0).elements(as: Int64.self).map(Int.init)
    self.distances = try distances.selected(1, 0).elements(as: Double.self)
    meanDistances = try distances.mean([1]).elements(as: Double.self)
  }
}
