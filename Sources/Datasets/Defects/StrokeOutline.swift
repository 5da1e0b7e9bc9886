import Foundation
import Images
import Randomness

/// A stroke: discs of changing width along a line whose heading walks at random.
struct StrokeOutline: ShapeOutline {
  private let discs: [(x: Double, y: Double, radius: Double)]
  private let elongation: Double
  private let fullness: Double

  private static let steps = 120

  init(_ target: ShapeTarget, _ random: inout SeededGenerator) {
    let length = max(target.area / target.thickness - target.thickness / 2, target.thickness)
    // Radians that the heading strays over the whole length: from straight to winding.
    let bend = random.uniform(0, 2.2)
    let pace = 1 / Double(Self.steps).squareRoot()
    var heading = 0.0
    var line: [(x: Double, y: Double)] = [(0, 0)]
    // Two rates, so that a stroke both sweeps and jags.
    var jag = 0.0
    for _ in 0..<Self.steps {
      heading += bend * pace * random.normal()
      jag = 0.8 * jag + 0.25 * bend * random.normal()
      let step = length / Double(Self.steps)
      let last = line[line.count - 1]
      line.append((last.x + step * cos(heading + jag), last.y + step * sin(heading + jag)))
    }
    let own = SecondMoments(of: line, pixel: target.thickness)
    let (from, to) = (own.orientation, target.orientation)
    // A line that strays too far or too little is flattened or bowed, its ends and length nearly as they were.
    let wanted = own.axes.main / (target.elongation * target.elongation)
    let flat = target.thickness * target.thickness / 12
    let across = (max(wanted - flat, 0) / max(own.axes.across - flat, 1e-9)).squareRoot()
    let squeeze = min(max(across, 0.4), 1.6)
    let reversed = random.bool()
    discs = line.enumerated().map { index, point in
      let (x, y) = (point.x - own.centre.x, point.y - own.centre.y)
      let main = x * cos(from) + y * sin(from)
      let side = (y * cos(from) - x * sin(from)) * squeeze
      let share = Double(index) / Double(Self.steps)
      let width = target.thickness * Self.width(target.profile, at: reversed ? 1 - share : share)
      return (main * cos(to) - side * sin(to), main * sin(to) + side * cos(to), max(width / 2, 0.55))
    }
    let drawn = SecondMoments(of: discs.map { ($0.x, $0.y) }, pixel: target.thickness)
    elongation = drawn.elongation
    fullness = min(target.area / (4 * .pi * drawn.determinant.squareRoot()), 1.05)
  }

  func distance(from target: ShapeTarget) -> Double {
    abs(log(elongation / target.elongation)) + abs(log(fullness / target.fullness))
  }

  var extent: Double {
    let (xs, ys) = (discs.map(\.x), discs.map(\.y))
    let thickest = discs.map(\.radius).max() ?? 0
    return max((xs.max() ?? 0) - (xs.min() ?? 0), (ys.max() ?? 0) - (ys.min() ?? 0)) + 2 * thickest
  }

  func pixels(size: Double) -> Mask? {
    let reach = (discs.map { max(abs($0.x), abs($0.y)) + $0.radius }.max() ?? 0) * size
    let side = 2 * Int(reach.rounded(.up)) + 3
    guard side <= 20_000 else { return nil }
    let middle = Double(side - 1) / 2
    var bits = [UInt8](repeating: 0, count: side * side)
    for disc in discs {
      let (x, y) = (middle + disc.x * size, middle + disc.y * size)
      // The width shrinks with the length only down to what keeps a line whole.
      let radius = max(disc.radius * size, 0.55)
      for row in max(Int(y - radius), 0)...min(Int(y + radius) + 1, side - 1) {
        for column in max(Int(x - radius), 0)...min(Int(x + radius) + 1, side - 1) {
          let (dx, dy) = (Double(column) - x, Double(row) - y)
          if dx * dx + dy * dy <= radius * radius { bits[row * side + column] = 1 }
        }
      }
    }
    let mask = Mask(width: side, height: side, bits: bits)
    return mask.boundingBox.map { mask.cropped(to: $0) }
  }

  /// Between the middles of the profile's parts in proportion.
  private static func width(_ profile: [Double], at share: Double) -> Double {
    let place = min(max(share * Double(profile.count) - 0.5, 0), Double(profile.count - 1))
    let index = min(Int(place), profile.count - 2)
    let part = place - Double(index)
    // What is far from the mean comes from bends as often as from widths, so it counts by its root.
    return (profile[index] * (1 - part) + profile[index + 1] * part).squareRoot()
  }
}
