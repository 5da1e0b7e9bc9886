/// Adds a mirrored margin that does not repeat the edge. Each margin must be smaller than the side it mirrors.
///
/// Shapes: [N, C, H, W] → [N, C, top + H + bottom, left + W + right].
public final class ReflectionPad2d: Pad2d {
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    super.init(left: left, right: right, top: top, bottom: bottom, .reflect)
  }

  public convenience init(_ margin: Int) { self.init(left: margin, right: margin, top: margin, bottom: margin) }

  var isOnePixel: Bool { left == 1 && right == 1 && top == 1 && bottom == 1 }
}
