import Foundation
import Images
import Randomness

/// What a drawn shape shall be like.
struct ShapeTarget {
  let area: Double
  let elongation: Double
  let orientation: Double
  let thickness: Double
  let fullness: Double
  let profile: [Double]
}

/// A candidate for a drawn shape, which can be drawn at any size.
protocol ShapeOutline {
  /// How far it is from what was asked for; 0 is as near as can be.
  func distance(from target: ShapeTarget) -> Double
  /// Which pixels it takes at `size` times its own size, cut out.
  func pixels(size: Double) -> Mask?
  /// The longest side at size 1, in pixels.
  var extent: Double { get }
}

extension ShapeOutline {
  /// Drawn at the size that gives the area; a few pixels more or less where it cannot be had exactly.
  func mask(of target: ShapeTarget, longest: Double) -> Mask {
    var size = 1.0
    let limit = max(longest, 4) / max(extent, 1e-9)
    var best: (mask: Mask, error: Double)?
    for _ in 0..<6 {
      size = min(size, limit)
      guard let mask = pixels(size: size) else {
        size *= 1.5
        continue
      }
      let area = Double(mask.area)
      let error = abs(log(area / target.area))
      if best.map({ error < $0.error }) ?? true { best = (mask, error) }
      guard error > 0.02 else { break }
      size *= (target.area / area).squareRoot()
    }
    return best?.mask ?? Mask(width: 2, height: 2, bits: [1, 1, 1, 1])
  }
}

/// A closed outline around a middle: the logarithm of its radius is a random Fourier series.
struct RadialOutline: ShapeOutline {
  private let corners: [(x: Double, y: Double)]
  private let fullness: Double

  private static let count = 96
  private static let waves = 2...9

  init(_ target: ShapeTarget, _ random: inout SeededGenerator) {
    let roughness = random.uniform(0, 0.9)
    var radius = [Double](repeating: 0, count: Self.count)
    for wave in Self.waves {
      // Amplitudes fall with the frequency, as those of grown or torn edges do.
      let (a, b) = (roughness * random.normal() / Double(wave), roughness * random.normal() / Double(wave))
      for index in radius.indices {
        let turn = 2 * .pi * Double(index * wave) / Double(Self.count)
        radius[index] += a * cos(turn) + b * sin(turn)
      }
    }
    let round = radius.enumerated().map { index, logarithm in
      let turn = 2 * .pi * Double(index) / Double(Self.count)
      return (x: exp(logarithm) * cos(turn), y: exp(logarithm) * sin(turn))
    }
    let moments = Self.moments(of: round)
    fullness = min(moments.area / (4 * .pi * moments.second.determinant.squareRoot()), 1.05)
    // Stretched along its own axes to the elongation, turned to the orientation, and scaled to the area: exact.
    let own = moments.second
    let stretch = (
      main: (target.elongation / own.axes.main).squareRoot(),
      across: 1 / (target.elongation * own.axes.across).squareRoot()
    )
    let size = (target.area / (moments.area * stretch.main * stretch.across)).squareRoot()
    let (from, to) = (own.orientation, target.orientation)
    corners = round.map { corner in
      let (x, y) = (corner.x - own.centre.x, corner.y - own.centre.y)
      let main = (x * cos(from) + y * sin(from)) * stretch.main * size
      let across = (y * cos(from) - x * sin(from)) * stretch.across * size
      return (main * cos(to) - across * sin(to), main * sin(to) + across * cos(to))
    }
  }

  func distance(from target: ShapeTarget) -> Double { abs(log(fullness / target.fullness)) }

  var extent: Double {
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    return max((xs.max() ?? 0) - (xs.min() ?? 0), (ys.max() ?? 0) - (ys.min() ?? 0))
  }

  func pixels(size: Double) -> Mask? {
    let reach = (corners.flatMap { [abs($0.x), abs($0.y)] }.max() ?? 0) * size
    let side = 2 * Int(reach.rounded(.up)) + 3
    let middle = Double(side) / 2
    let outline = corners.map { RunLengthCode.Corner(x: middle + $0.x * size, y: middle + $0.y * size) }
    guard let code = try? RunLengthCode(width: side, height: side, outlines: [outline]), let box = code.boundingBox
    else { return nil }
    return code.mask.cropped(to: box)
  }

  /// Of the area within a polygon, by triangles to the origin.
  private static func moments(of corners: [(x: Double, y: Double)]) -> (area: Double, second: SecondMoments) {
    var (area, x, y, xx, xy, yy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, p) in corners.enumerated() {
      let q = corners[(index + 1) % corners.count]
      let cross = p.x * q.y - q.x * p.y
      area += cross / 2
      x += cross * (p.x + q.x) / 6
      y += cross * (p.y + q.y) / 6
      xx += cross * (p.x * p.x + p.x * q.x + q.x * q.x) / 12
      yy += cross * (p.y * p.y + p.y * q.y + q.y * q.y) / 12
      xy += cross * (p.x * q.y + 2 * p.x * p.y + 2 * q.x * q.y + q.x * p.y) / 24
    }
    let centre = (x: x / area, y: y / area)
    return (
      area,
      SecondMoments(
        centre: centre, xx: xx / area - centre.x * centre.x, xy: xy / area - centre.x * centre.y,
        yy: yy / area - centre.y * centre.y)
    )
  }
}
