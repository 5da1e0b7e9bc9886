import Torch

/// Mean and variance of each channel of a map that comes in parts, put together exactly (Chan, Golub and LeVeque, 1983,
/// equation 2.1).
struct ChannelStatistics {
  private var count = 0.0
  /// Of each channel of each image, row-major.
  private var means: [Double] = []
  /// Sums of squared distances from the mean.
  private var squares: [Double] = []

  /// - Parameter part: [N, C, rows, W].
  mutating func add(_ part: Tensor) throws(TorchError) {
    let shape = part.shape
    let added = Double(shape[2] * shape[3])
    let part = try part.converted(to: .float32)
    let mean = try part.mean([2, 3], keep: true)
    // Two passes over the part: the difference of large sums would lose what small variances are made of.
    let square = try (part - mean).squared().mean([2, 3])
    let (newMeans, newSquares) = (try mean.elements(as: Double.self), try square.elements(as: Double.self))
    if means.isEmpty {
      means = Array(repeating: 0, count: newMeans.count)
      squares = means
    }
    let total = count + added
    for index in means.indices {
      let distance = newMeans[index] - means[index]
      means[index] += distance * added / total
      squares[index] += newSquares[index] * added + distance * distance * count * added / total
    }
    count = total
  }

  /// What a norm takes off and multiplies by; the variance is the biased one. Both [N, C, 1, 1].
  func normalization(
    epsilon: Double, images: Int, device: Device
  ) throws(TorchError) -> (mean: Tensor, scale: Tensor) {
    let shape = [images, means.count / images, 1, 1]
    let scales = squares.map { Float(1 / ($0 / count + epsilon).squareRoot()) }
    return (
      try Tensor(means.map(Float.init), shape: shape, device: device),
      try Tensor(scales, shape: shape, device: device)
    )
  }
}
