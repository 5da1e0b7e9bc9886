import Foundation
import Images

/// What a shape is like, in a few numbers.
public struct ShapeStatistics: Equatable, Sendable {
  /// Number of pixels.
  public let area: Double
  /// Standard deviation of the pixels along their main axis, divided by that across: 1 for a disc, 4 for a bar four times as
  /// long as wide. At least 1.
  public let elongation: Double
  /// Of the main axis, in radians clockwise from the horizontal; -π/2 … π/2.
  public let orientation: Double
  /// Mean width in pixels: four times the mean distance to the outline, which is exact for a bar.
  public let thickness: Double
  /// The area as a share of that of the ellipse with the same second moments: 1 for an ellipse, less for what is ragged, bent
  /// or has holes. Stretching does not change it.
  public let fullness: Double
  /// Width along the main axis, in `ShapeStatistics.profileCount` equal parts, in units of its mean.
  public let profile: [Double]

  public static let profileCount = 10

  /// - Precondition: at least one pixel is set.
  public init(of mask: Mask) throws {
    precondition(!mask.isEmpty, "an empty mask has no shape")
    var points: [(x: Double, y: Double)] = []
    for y in 0..<mask.height {
      for x in 0..<mask.width where mask.bits[y * mask.width + x] != 0 { points.append((Double(x), Double(y))) }
    }
    let moments = SecondMoments(of: points)
    area = Double(points.count)
    elongation = moments.elongation
    orientation = moments.orientation
    fullness = min(area / (4 * .pi * moments.determinant.squareRoot()), 1.05)
    // A frame, so that pixels on the border of the cut-out have an outside.
    let width = mask.width + 2
    var bits = [UInt8](repeating: 0, count: width * (mask.height + 2))
    for y in 0..<mask.height {
      for x in 0..<mask.width { bits[(y + 1) * width + x + 1] = mask.bits[y * mask.width + x] }
    }
    let distances = try Mask(width: width, height: mask.height + 2, bits: bits).distances()
    // Distances lead to the middle of the pixel outside, half a pixel beyond the outline.
    let sum = distances.reduce(0.0) { $0 + Double($1) }
    thickness = 4 * (sum / area - 0.5)
    let axis = (x: cos(moments.orientation), y: sin(moments.orientation))
    let along = points.map { $0.x * axis.x + $0.y * axis.y }
    let low = (along.min() ?? 0) - 0.5
    let span = (along.max() ?? 0) + 0.5 - low
    var counts = [Double](repeating: 0, count: Self.profileCount)
    for place in along { counts[min(Int((place - low) / span * Double(counts.count)), counts.count - 1)] += 1 }
    profile = counts.map { $0 * Double(counts.count) / Double(points.count) }
  }

  /// How many times longer than wide it is along its own course, bends straightened: a crack is long even where it winds.
  public var slenderness: Double { area / (thickness * thickness) }
}

/// Variances and covariance of points that are squares of one pixel.
struct SecondMoments {
  let centre: (x: Double, y: Double)
  let xx: Double
  let xy: Double
  let yy: Double

  init(centre: (x: Double, y: Double), xx: Double, xy: Double, yy: Double) {
    (self.centre, self.xx, self.xy, self.yy) = (centre, xx, xy, yy)
  }

  /// - Precondition: at least one point.
  init(of points: [(x: Double, y: Double)], pixel: Double = 1) {
    let count = Double(points.count)
    let centre = (
      x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count
    )
    self.centre = centre
    // A square by itself has 1/12: without it a line of single pixels would be infinitely long for its width.
    xx = points.reduce(0) { $0 + ($1.x - centre.x) * ($1.x - centre.x) } / count + pixel * pixel / 12
    yy = points.reduce(0) { $0 + ($1.y - centre.y) * ($1.y - centre.y) } / count + pixel * pixel / 12
    xy = points.reduce(0) { $0 + ($1.x - centre.x) * ($1.y - centre.y) } / count
  }

  var determinant: Double { xx * yy - xy * xy }
  var orientation: Double { atan2(2 * xy, xx - yy) / 2 }
  /// Variances along the main axis and across.
  var axes: (main: Double, across: Double) {
    let (mean, half) = ((xx + yy) / 2, (((xx - yy) / 2) * ((xx - yy) / 2) + xy * xy).squareRoot())
    return (mean + half, max(mean - half, 1e-9))
  }
  var elongation: Double { (axes.main / axes.across).squareRoot() }
}
