/// Adds a margin that repeats the edge.
///
/// Shapes: [N, C, H, W] → [N, C, top + H + bottom, left + W + right].
public final class ReplicationPad2d: Pad2d {
  public init(left: Int, right: Int, top: Int, bottom: Int) {
    super.init(left: left, right: right, top: top, bottom: bottom, .replicate)
  }

  public convenience init(_ margin: Int) { self.init(left: margin, right: margin, top: margin, bottom: margin) }
}
