import Torch

/// Adds a margin to the last two dimensions; what stands in it is the subclass's one choice.
///
/// Shapes: [N, C, H, W] → [N, C, top + H + bottom, left + W + right].
public class Pad2d: Layer {
  public let left: Int
  public let right: Int
  public let top: Int
  public let bottom: Int
  private let padding: Padding

  init(left: Int, right: Int, top: Int, bottom: Int, _ padding: Padding) {
    precondition(left >= 0 && right >= 0 && top >= 0 && bottom >= 0, "margins are not negative")
    self.left = left
    self.right = right
    self.top = top
    self.bottom = bottom
    self.padding = padding
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.padded(left: left, right: right, top: top, bottom: bottom, padding)
  }
}
