import CTorch

/// New tensors: constant, counting, random.
extension Tensor {
  public static func full(
    _ shape: [Int], _ value: Double, type: DataType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor {
    try make { ct_full(shape.sizes, shape.rank, value, type.rawValue, device.kind, device.index, $0) }
  }

  public static func zeros(
    _ shape: [Int], type: DataType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor { try full(shape, 0, type: type, device: device) }

  public static func ones(
    _ shape: [Int], type: DataType = .float32, device: Device = .cpu
  ) throws(TorchError) -> Tensor { try full(shape, 1, type: type, device: device) }

  /// Zeros of the same shape, type and device, laid out in memory as self is.
  public func zerosLike() throws(TorchError) -> Tensor { try make { ct_zeros_like(handle, $0) } }

  /// start, start + step, … below end. Shapes: → [N].
  public static func arange(
    _ start: Double = 0, to end: Double, by step: Double = 1, type: DataType = .float32
  ) throws(TorchError) -> Tensor { try make { ct_arange(start, end, step, type.rawValue, $0) } }

  /// Gaussian, on the generator's device.
  public static func normal(
    _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, type: DataType = .float32,
    generator: Generator
  ) throws(TorchError) -> Tensor {
    try make { ct_normal(shape.sizes, shape.rank, mean, standardDeviation, type.rawValue, generator.handle, $0) }
  }

  /// Uniform in [low, high), on the generator's device.
  public static func uniform(
    _ shape: [Int], low: Double = 0, high: Double = 1, type: DataType = .float32, generator: Generator
  ) throws(TorchError) -> Tensor {
    try make { ct_uniform(shape.sizes, shape.rank, low, high, type.rawValue, generator.handle, $0) }
  }

  /// Whole numbers in low ..< high. int64.
  public static func randomIntegers(
    _ shape: [Int], in range: Range<Int>, generator: Generator
  ) throws(TorchError) -> Tensor {
    try make {
      ct_random_integers(
        shape.sizes, shape.rank, Int64(range.lowerBound), Int64(range.upperBound), generator.handle, $0)
    }
  }

  /// 0 ..< count in random order. Shapes: → [count], int64.
  public static func randomPermutation(_ count: Int, generator: Generator) throws(TorchError) -> Tensor {
    try make { ct_random_permutation(Int64(count), generator.handle, $0) }
  }

  /// Indices drawn in proportion to the weights. Shapes: [K] or [N, K] → [count] or [N, count], int64.
  public func multinomial(
    _ count: Int, replacement: Bool = true, generator: Generator
  ) throws(TorchError) -> Tensor {
    try make { ct_multinomial(handle, Int64(count), replacement, generator.handle, $0) }
  }

  /// Shapes: int64 [...] → int64 [..., classes].
  public func oneHot(classes: Int) throws(TorchError) -> Tensor { try make { ct_one_hot(handle, Int64(classes), $0) } }
}
