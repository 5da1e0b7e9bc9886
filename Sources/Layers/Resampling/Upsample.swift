import Torch

/// Enlarges by a whole number; corners are not aligned. Shapes: [N, C, H, W] → [N, C, scale·H, scale·W].
public final class Upsample: Layer {
  public let scale: Int
  public let mode: ResizeMode

  public init(_ scale: Int, _ mode: ResizeMode = .nearest) {
    precondition(scale > 0)
    self.scale = scale
    self.mode = mode
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let shape = input.shape
    guard shape.count == 4 else {
      throw TorchError(.operation, "Upsample expects an input [N, C, H, W], found the shape \(shape)")
    }
    return try input.resized(height: shape[2] * scale, width: shape[3] * scale, mode)
  }
}
