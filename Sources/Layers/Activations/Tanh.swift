import Torch

/// The hyperbolic tangent, in (−1, 1). Shapes: any → the same.
public final class Tanh: Layer {
  public init() {}

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.tanh() }
}
