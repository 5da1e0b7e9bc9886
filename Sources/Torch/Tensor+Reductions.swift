import CTorch

/// Sums, means, extremes, order. Without dimensions, over everything.
extension Tensor {
  public func sum(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_sum(handle, dims.sizes, dims.rank, keep, $0) }
  }
  public func mean(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_mean(handle, dims.sizes, dims.rank, keep, $0) }
  }
  /// The variance with divisor n − correction.
  public func variance(_ dims: [Int] = [], correction: Double = 1, keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_variance(handle, dims.sizes, dims.rank, correction, keep, $0) }
  }
  public func max(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_amax(handle, dims.sizes, dims.rank, keep, $0) }
  }
  public func min(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_amin(handle, dims.sizes, dims.rank, keep, $0) }
  }
  public func logSumExp(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_logsumexp(handle, dims.sizes, dims.rank, keep, $0) }
  }
  public func any(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_any(handle, dims.sizes, dims.rank, keep, $0) }
  }
  public func all(_ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_all(handle, dims.sizes, dims.rank, keep, $0) }
  }
  /// The vector norm of the given order.
  public func norm(_ order: Double = 2, _ dims: [Int] = [], keep: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_norm(handle, order, dims.sizes, dims.rank, keep, $0) }
  }
  public func argmax(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_argmax(handle, Int64(dim), $0) } }
  public func argmin(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_argmin(handle, Int64(dim), $0) } }
  public func cumulativeSum(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_cumsum(handle, Int64(dim), $0) } }

  /// Stable: equal elements keep their order.
  public func sorted(_ dim: Int = -1, descending: Bool = false) throws(TorchError) -> (values: Tensor, indices: Tensor)
  {
    try makePair { ct_sort(handle, Int64(dim), descending, $0, $1, $2) }
  }

  public func topK(_ k: Int, _ dim: Int = -1, largest: Bool = true) throws(TorchError) -> (
    values: Tensor, indices: Tensor
  ) {
    try makePair { ct_topk(handle, Int64(k), Int64(dim), largest, $0, $1, $2) }
  }

  /// Counts of elements in equal bins over [low, high]. Shapes: any → [bins].
  public func histogram(bins: Int, low: Double, high: Double) throws(TorchError) -> Tensor {
    try make { ct_histogram(handle, Int64(bins), low, high, $0) }
  }
}
