import Torch

/// Groups of channels of each image to mean 0 and variance 1, then weight and bias (Wu and He, 2018).
///
/// Shapes: [N, channels, ...] → the same.
public final class GroupNorm: Layer {
  /// [channels], only if affine; starts as ones.
  public let weight: Parameter?
  /// [channels], only if affine; starts as zeros.
  public let bias: Parameter?
  public let groups: Int
  public let epsilon: Double

  public init(_ groups: Int, _ channels: Int, affine: Bool = true, epsilon: Double = 1e-5) throws(TorchError) {
    precondition(groups > 0 && channels > 0 && channels.isMultiple(of: groups), "groups must divide the channels")
    precondition(epsilon > 0)
    weight = affine ? try Parameter(.ones([channels])) : nil
    bias = affine ? try Parameter(.zeros([channels])) : nil
    self.groups = groups
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.groupNorm(groups, weight?.tensor, bias?.tensor, epsilon: epsilon)
  }
}
