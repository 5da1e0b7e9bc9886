import Torch

/// 1 / (1 + exp(−x)), in (0, 1). Shapes: any → the same.
public final class Sigmoid: Layer {
  public init() {}

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.sigmoid() }
}
