import Torch

/// A map kept as strips of rows, from the top, which are let go one by one.
final class StripMap {
  private var strips: [(rows: Range<Int>, tensor: Tensor)] = []

  init() {}

  init(_ map: Tensor) { strips = [(0..<map.shape[2], map)] }

  /// - Parameter tensor: the next rows. [N, C, rows, W].
  func append(_ tensor: Tensor) {
    let start = strips.last?.rows.upperBound ?? 0
    strips.append((start..<start + tensor.shape[2], tensor))
  }

  /// [N, C, rows, W].
  func rows(_ range: Range<Int>) throws(TorchError) -> Tensor {
    var parts: [Tensor] = []
    for (rows, tensor) in strips where rows.overlaps(range) {
      let part = rows.clamped(to: range)
      let local = part.lowerBound - rows.lowerBound..<part.upperBound - rows.lowerBound
      parts.append(part == rows ? tensor : try tensor.sliced(2, local))
    }
    return parts.count == 1 ? parts[0] : try Tensor.concatenated(parts, 2)
  }

  /// Lets go of strips that end at `row` or above.
  func release(above row: Int) { strips.removeAll { $0.rows.upperBound <= row } }
}
