import Torch

/// Each channel of each image to mean 0 and variance 1, then weight and bias if affine (Ulyanov et al., 2017, equation 6).
///
/// The variance is the biased one. There are never running statistics, so training and evaluation agree.
/// Shapes: [N, channels, H, W] → the same; H·W must exceed 1.
public final class InstanceNorm2d: Layer {
  /// [channels], only if affine; starts as ones.
  public let weight: Parameter?
  /// [channels], only if affine; starts as zeros.
  public let bias: Parameter?
  public let channels: Int
  public let epsilon: Double

  public init(_ channels: Int, affine: Bool = false, epsilon: Double = 1e-5) throws(TorchError) {
    precondition(channels > 0 && epsilon > 0)
    weight = affine ? try Parameter(.ones([channels])) : nil
    bias = affine ? try Parameter(.zeros([channels])) : nil
    self.channels = channels
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.instanceNorm(weight?.tensor, bias?.tensor, epsilon: epsilon)
  }
}
