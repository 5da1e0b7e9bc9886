import Torch

/// Means over a grid of height × width areas; by default over the whole image. Shapes: [N, C, H, W] → [N, C, height, width].
public final class AdaptiveAvgPool2d: Layer {
  public let height: Int
  public let width: Int

  public init(height: Int = 1, width: Int = 1) {
    precondition(height > 0 && width > 0)
    self.height = height
    self.width = width
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.adaptiveAvgPool2d(height: height, width: width)
  }
}
