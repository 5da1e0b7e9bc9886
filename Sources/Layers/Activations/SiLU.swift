import Torch

/// x · sigmoid(x). Shapes: any → the same.
public final class SiLU: Layer {
  public init() {}

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.silu() }
}
