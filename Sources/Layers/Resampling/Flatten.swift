import Torch

/// Joins the dimensions from `start` on. Shapes: [N, C, H, W] → [N, C·H·W] by default.
public final class Flatten: Layer {
  public let start: Int

  public init(_ start: Int = 1) { self.start = start }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try input.flattened(start) }
}
