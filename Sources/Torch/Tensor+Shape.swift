import CTorch

/// How a margin is filled by `padded`.
public enum Padding: Sendable, Equatable {
  case constant(Double)
  /// Mirrored without repeating the edge. The margin must be smaller than the side.
  case reflect
  case replicate
}

/// Other shapes of the same elements, parts of them, and putting them together.
extension Tensor {
  /// One size may be −1 and follows from the others.
  public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
    try make { ct_reshape(handle, shape.sizes, shape.rank, $0) }
  }
  public func flattened(_ start: Int = 0, _ end: Int = -1) throws(TorchError) -> Tensor {
    try make { ct_flatten(handle, Int64(start), Int64(end), $0) }
  }
  public func permuted(_ dims: [Int]) throws(TorchError) -> Tensor {
    try make { ct_permute(handle, dims.sizes, dims.rank, $0) }
  }
  public func transposed(_ first: Int = -2, _ second: Int = -1) throws(TorchError) -> Tensor {
    try make { ct_transpose(handle, Int64(first), Int64(second), $0) }
  }
  public func squeezed(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_squeeze(handle, Int64(dim), $0) } }
  public func unsqueezed(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_unsqueeze(handle, Int64(dim), $0) } }
  /// Repeats sides of size 1 without copying; −1 keeps a side.
  public func expanded(_ shape: [Int]) throws(TorchError) -> Tensor {
    try make { ct_expand(handle, shape.sizes, shape.rank, $0) }
  }
  public func repeated(_ times: [Int]) throws(TorchError) -> Tensor {
    try make { ct_repeat(handle, times.sizes, times.rank, $0) }
  }
  public func flipped(_ dims: [Int]) throws(TorchError) -> Tensor {
    try make { ct_flip(handle, dims.sizes, dims.rank, $0) }
  }
  public func rolled(_ shift: Int, _ dim: Int) throws(TorchError) -> Tensor {
    try make { ct_roll(handle, Int64(shift), Int64(dim), $0) }
  }

  /// `range` along `dim`, as a view.
  public func sliced(_ dim: Int, _ range: Range<Int>, step: Int = 1) throws(TorchError) -> Tensor {
    try make { ct_slice(handle, Int64(dim), Int64(range.lowerBound), Int64(range.upperBound), Int64(step), $0) }
  }
  /// The slice at `index` along `dim`, which disappears.
  public func selected(_ dim: Int, _ index: Int) throws(TorchError) -> Tensor {
    try make { ct_select(handle, Int64(dim), Int64(index), $0) }
  }
  /// The slices at `indices` (int64 [K]) along `dim`.
  public func selected(_ dim: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try make { ct_index_select(handle, Int64(dim), indices.handle, $0) }
  }
  public func gathered(_ dim: Int, _ indices: Tensor) throws(TorchError) -> Tensor {
    try make { ct_gather(handle, Int64(dim), indices.handle, $0) }
  }
  public func scatterAdded(_ dim: Int, _ indices: Tensor, _ source: Tensor) throws(TorchError) -> Tensor {
    try make { ct_scatter_add(handle, Int64(dim), indices.handle, source.handle, $0) }
  }
  /// The elements where the mask holds. Shapes: → [K].
  public func selected(where mask: Tensor) throws(TorchError) -> Tensor {
    try make { ct_masked_select(handle, mask.handle, $0) }
  }
  public func filled(where mask: Tensor, with value: Double) throws(TorchError) -> Tensor {
    try make { ct_masked_fill(handle, mask.handle, value, $0) }
  }
  /// Indices of what is not zero. Shapes: → int64 [K, rank].
  public func nonzeroIndices() throws(TorchError) -> Tensor { try make { ct_nonzero(handle, $0) } }

  public static func concatenated(_ tensors: [Tensor], _ dim: Int = 0) throws(TorchError) -> Tensor {
    try make { error in withHandles(tensors) { ct_cat($0, Int32($0.count), Int64(dim), error) } }
  }
  public static func stacked(_ tensors: [Tensor], _ dim: Int = 0) throws(TorchError) -> Tensor {
    try make { error in withHandles(tensors) { ct_stack($0, Int32($0.count), Int64(dim), error) } }
  }

  /// Adds margins to the last two dimensions.
  public func padded(
    left: Int, right: Int, top: Int, bottom: Int, _ padding: Padding = .constant(0)
  ) throws(TorchError) -> Tensor {
    let (mode, value): (Int32, Double) =
      switch padding {
      case .constant(let value): (0, value)
      case .reflect: (1, 0)
      case .replicate: (2, 0)
      }
    return try make { ct_pad(handle, [Int64(left), Int64(right), Int64(top), Int64(bottom)], 4, mode, value, $0) }
  }

  /// The same margin on all four sides.
  public func padded(_ margin: Int, _ padding: Padding = .constant(0)) throws(TorchError) -> Tensor {
    try padded(left: margin, right: margin, top: margin, bottom: margin, padding)
  }

  /// What lies on and below (or above) the diagonal; zeros elsewhere.
  public func triangle(upper: Bool, diagonal: Int = 0) throws(TorchError) -> Tensor {
    try make { ct_triangle(handle, Int64(diagonal), upper, $0) }
  }
}
