import Torch

/// Adds a mirrored margin that does not repeat the edge. Each margin must be smaller than the side it mirrors.
///
/// Shapes: [N, C, H, W] → [N, C, top + H + bottom, left + W + right].
public final class ReflectionPad2d: Layer {
  public let left: Int
  public let right: Int
  public let top: Int
  public let bottom: Int

  public init(left: Int, right: Int, top: Int, bottom: Int) {
    precondition(left >= 0 && right >= 0 && top >= 0 && bottom >= 0, "margins are not negative")
    self.left = left
    self.right = right
    self.top = top
    self.bottom = bottom
  }

  public convenience init(_ margin: Int) { self.init(left: margin, right: margin, top: margin, bottom: margin) }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.padded(left: left, right: right, top: top, bottom: bottom, .reflect)
  }
}
