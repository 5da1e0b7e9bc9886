import Torch

/// x · Φ(x) with the exact error function (PyTorch's `approximate="none"`). Shapes: any → the same.
public final class GELU: Layer {
  public init() {}

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.gelu() }
}
