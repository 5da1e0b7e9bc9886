import Torch

/// max(x, 0). Shapes: any → the same.
public final class ReLU: Layer {
  public init() {}

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.relu() }
}
