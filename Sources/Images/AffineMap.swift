import Foundation

/// Where each pixel of a new image lies in another: x' = a x + b y + c, y' = d x + e y + f.
///
/// Whole numbers are the middles of pixels, so that the upper left pixel lies at (0, 0).
public struct AffineMap: Codable, Equatable, Sendable {
  public var a: Double
  public var b: Double
  public var c: Double
  public var d: Double
  public var e: Double
  public var f: Double

  public init(a: Double, b: Double, c: Double, d: Double, e: Double, f: Double) {
    (self.a, self.b, self.c, self.d, self.e, self.f) = (a, b, c, d, e, f)
  }

  /// Every pixel lies where it is, moved by (x, y).
  public init(movingBy x: Double, _ y: Double) { self.init(a: 1, b: 0, c: x, d: 0, e: 1, f: y) }

  /// The map from an image that is made of another by mirroring it left to right (if at all), turning it clockwise and
  /// scaling it: from there back to the other. The middle of the new image shows the middle of the other.
  ///
  /// - Parameters:
  ///   - size: of the other image, in pixels.
  ///   - canvas: of the new one.
  ///   - angle: in degrees, clockwise as one sees it.
  ///   - scale: above 1 enlarges.
  public init(
    undoing angle: Double, scale: Double, mirrored: Bool, of size: (width: Int, height: Int),
    on canvas: (width: Int, height: Int)
  ) {
    let (cosine, sine) = (cos(angle * .pi / 180) / scale, sin(angle * .pi / 180) / scale)
    let sign = mirrored ? -1.0 : 1.0
    let middle = (x: Double(size.width - 1) / 2, y: Double(size.height - 1) / 2)
    let (x, y) = (Double(canvas.width - 1) / 2, Double(canvas.height - 1) / 2)
    // With y downwards the turn back is [cos, sin; -sin, cos]; the mirror, done first, is undone last.
    self.init(
      a: sign * cosine, b: sign * sine, c: middle.x - sign * (cosine * x + sine * y), d: -sine, e: cosine,
      f: middle.y - (cosine * y - sine * x))
  }

  public func callAsFunction(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + c, d * x + e * y + f)
  }

  /// First moves by (x, y), then does what this map does: what a window whose corner is (x, y) needs.
  public func after(movingBy x: Int, _ y: Int) -> AffineMap {
    let corner = self(Double(x), Double(y))
    return AffineMap(a: a, b: b, c: corner.x, d: d, e: e, f: corner.y)
  }

  /// First does what this map does, then moves by (x, y): from a cut-out to the image that it was cut from at (x, y).
  public func then(movingBy x: Int, _ y: Int) -> AffineMap {
    AffineMap(a: a, b: b, c: c + Double(x), d: d, e: e, f: f + Double(y))
  }
}
