import Torch

/// The last dimensions of each sample to mean 0 and variance 1, then weight and bias (Ba, Kiros and Hinton, 2016).
///
/// Shapes: [..., shape...] → the same.
public final class LayerNorm: Layer {
  /// Of the normalised shape, only if affine; starts as ones.
  public let weight: Parameter?
  /// Of the normalised shape, only if affine; starts as zeros.
  public let bias: Parameter?
  public let shape: [Int]
  public let epsilon: Double

  public init(_ shape: [Int], affine: Bool = true, epsilon: Double = 1e-5) throws(TorchError) {
    precondition(!shape.isEmpty && shape.allSatisfy { $0 > 0 } && epsilon > 0)
    weight = affine ? try Parameter(.ones(shape)) : nil
    bias = affine ? try Parameter(.zeros(shape)) : nil
    self.shape = shape
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.layerNorm(shape, weight?.tensor, bias?.tensor, epsilon: epsilon)
  }
}
