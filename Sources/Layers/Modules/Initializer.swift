import Torch

/// Which numbers a parameter starts from.
///
/// Fans are PyTorch's: of a weight [A, B, …] the fan in is B times the receptive field, the fan out A times it. (For
/// transposed convolutions, whose weights are [inputs, outputs, …], the names are thus exchanged.)
public enum Initializer: Equatable, Sendable {
  case zeros
  case constant(Double)
  /// N(0, σ²). CycleGAN's convolutions start with σ = 0.02.
  case normal(standardDeviation: Double)
  /// U(−bound, bound).
  case uniform(bound: Double)
  /// N(0, 2 / ((1 + a²) · fan in)); a is the slope of the leaky ReLU that follows (He et al., 2015, equation 15).
  case kaimingNormal(slope: Double = 0)
  /// U(−b, b) with b = √(6 / ((1 + a²) · fan in)). PyTorch's default for convolutions has a = √5: b = 1 / √(fan in).
  case kaimingUniform(slope: Double = 0)
  /// N(0, gain² · 2 / (fan in + fan out)) (Glorot and Bengio, 2010). CUT's networks start with a gain of 0.02.
  case xavierNormal(gain: Double = 1)
  /// U(−b, b) with b = gain · √(6 / (fan in + fan out)) (Glorot and Bengio, 2010, equation 16).
  case xavierUniform(gain: Double = 1)
  /// Rows (or columns, if they are fewer) orthonormal, times gain (Saxe et al., 2014).
  case orthogonal(gain: Double = 1)

  /// Overwrites the elements of `tensor`, which is on the generator's device, outside the gradient graph.
  ///
  /// - Throws: `TorchError` when the initialiser needs fans and the tensor has fewer than two dimensions.
  public func fill(_ tensor: Tensor, generator: Generator) throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      switch self {
      case .zeros: try tensor.zero()
      case .constant(let value): try tensor.fill(value)
      case .normal(let deviation): try tensor.fillNormal(standardDeviation: deviation, generator: generator)
      case .uniform(let bound): try tensor.fillUniform(low: -bound, high: bound, generator: generator)
      case .kaimingNormal(let slope):
        let deviation = (2 / ((1 + slope * slope) * Double(try Self.fans(tensor).in))).squareRoot()
        try tensor.fillNormal(standardDeviation: deviation, generator: generator)
      case .kaimingUniform(let slope):
        let bound = (6 / ((1 + slope * slope) * Double(try Self.fans(tensor).in))).squareRoot()
        try tensor.fillUniform(low: -bound, high: bound, generator: generator)
      case .xavierNormal(let gain):
        let fans = try Self.fans(tensor)
        let deviation = gain * (2 / Double(fans.in + fans.out)).squareRoot()
        try tensor.fillNormal(standardDeviation: deviation, generator: generator)
      case .xavierUniform(let gain):
        let fans = try Self.fans(tensor)
        let bound = gain * (6 / Double(fans.in + fans.out)).squareRoot()
        try tensor.fillUniform(low: -bound, high: bound, generator: generator)
      case .orthogonal(let gain):
        _ = try Self.fans(tensor)
        let rows = tensor.shape[0]
        let gaussian = try Tensor.normal([rows, tensor.count / max(rows, 1)], generator: generator)
        let (u, _, vh) = try gaussian.svd()
        try tensor.copy(from: (u.matmul(vh) * gain).reshaped(tensor.shape))
      }
    }
  }

  /// A float32 tensor of these numbers on the generator's device.
  func tensor(_ shape: [Int], generator: Generator) throws(TorchError) -> Tensor {
    let tensor = try Tensor.zeros(shape, device: generator.device)
    try fill(tensor, generator: generator)
    return tensor
  }

  /// How many numbers one output is summed from, and how many outputs one input goes into.
  static func fans(_ tensor: Tensor) throws(TorchError) -> (in: Int, out: Int) {
    let shape = tensor.shape
    guard shape.count >= 2 else {
      throw TorchError(.operation, "fans need a weight of two or more dimensions, this one has the shape \(shape)")
    }
    let field = shape.dropFirst(2).reduce(1, *)
    return (shape[1] * field, shape[0] * field)
  }
}

extension Module {
  /// Overwrites weights and biases of all convolutions and transposed convolutions in this module; the rest stays.
  ///
  /// CycleGAN: `initialize(convolutions: .normal(standardDeviation: 0.02), generator: generator)`.
  public func initialize(
    convolutions: Initializer, biases: Initializer = .zeros, generator: Generator
  ) throws(TorchError) {
    let modules = [self as any Module] + (try submodules().map(\.module))
    for case let convolution as any Convolution in modules {
      try convolutions.fill(convolution.weight.tensor, generator: generator)
      if let bias = convolution.bias { try biases.fill(bias.tensor, generator: generator) }
    }
  }
}
