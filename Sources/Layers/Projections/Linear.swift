import Torch

/// x · Wᵀ + b over the last dimension. Starts from PyTorch's default: weight and bias U(±1/√inputs).
///
/// Shapes: [..., inputs] → [..., outputs].
public final class Linear: Layer {
  /// [outputs, inputs].
  public let weight: Parameter
  /// [outputs].
  public let bias: Parameter?

  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, generator: Generator) throws(TorchError) {
    precondition(inputs > 0 && outputs > 0)
    weight = try .weight([outputs, inputs], generator: generator)
    self.bias = bias ? try .bias(outputs, beside: weight, generator: generator) : nil
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.linear(weight.tensor, bias?.tensor)
  }
}
