import Files
import Foundation
import Images
import Randomness

/// Puts shapes of defects onto clean surfaces: anywhere that they fit, turned a little.
///
/// Surfaces have a grain more often than not, and their defects follow it or cross it: shapes are turned no farther than
/// `turn`, and keep the directions that real ones have. Where there is no grain, real ones lie every way already.
/// Every place where the whole shape lies on the surface is as likely as any other. A shape that fits nowhere is drawn anew
/// with everything else; when that fails `trials` times, the scales are lowered by a fifth, and so on `shrinkings` times.
public struct DefectPlacer: Equatable, Sendable {
  /// Of lengths; drawn so that doubling is as likely as halving.
  public var scales: ClosedRange<Double>
  /// Degrees clockwise.
  public var angles: ClosedRange<Double>
  /// Whether half of the shapes are mirrored.
  public var mirrors = true
  /// A shape that is left with fewer pixels does not count.
  public var minimumArea = 4
  public var trials = 64
  public var shrinkings = 6

  private static let shrinking = 0.8

  public static let scales = 0.8...1.25

  /// Degrees to either side.
  public static let turn = 10.0

  /// Where the error stands that says that no shape fits.
  public static let errorPlace = "a place for a defect"

  /// - Parameter turn: degrees to either side; 180 is any angle.
  /// - Throws: `InputError` unless the scales lie within 0.05 ... 20, and `turn` within 0 ... 180.
  public init(scales: ClosedRange<Double> = DefectPlacer.scales, turn: Double = DefectPlacer.turn) throws {
    guard scales.lowerBound >= 0.05, scales.upperBound <= 20 else {
      throw InputError(
        at: "scale", expected: "scales from 0.05 to 20", found: "\(scales.lowerBound)-\(scales.upperBound)")
    }
    guard (0...180).contains(turn) else {
      throw InputError(at: "turn", expected: "0 to 180 degrees", found: "\(turn)")
    }
    self.scales = scales
    angles = -turn...turn
  }

  /// Draws a shape of a class and a place for it.
  ///
  /// - Parameters:
  ///   - surface: of the clean image.
  ///   - window: where the shape must lie; nil for anywhere.
  /// - Throws: `InputError` when no shape fits, or there is none of the class.
  public func place(
    _ category: String, from shapes: some DefectShapes, on surface: Surface, within window: PixelBox? = nil,
    _ random: inout SeededGenerator
  ) throws -> DefectPlacement {
    let room = Room(surface, window)
    for shrinking in 0...shrinkings {
      for _ in 0..<trials {
        let shape = try shapes.shape(of: category, &random)
        let angle = random.uniform(angles.lowerBound, angles.upperBound)
        let scale =
          exp(random.uniform(log(scales.lowerBound), log(scales.upperBound))) * pow(Self.shrinking, Double(shrinking))
        let isMirrored = mirrors && random.bool()
        guard let turned = TurnedShape(shape, angle, scale, isMirrored), turned.mask.area >= minimumArea,
          let corner = room.corner(for: turned.mask, &random)
        else { continue }
        return turned.placed(at: corner, on: surface)
      }
    }
    throw InputError(
      at: Self.errorPlace, expected: "a surface that a shape of \(category) fits on", found: room.description,
      remedy: "Take larger images, or smaller scales")
  }
}

/// Where a shape may lie: the surface's columns within a window.
private struct Room: CustomStringConvertible {
  private let stretches: [Range<Int>]
  private let rows: Range<Int>

  init(_ surface: Surface, _ window: PixelBox?) {
    let window = window ?? PixelBox(x: 0, y: 0, width: surface.width, height: surface.height)
    stretches = surface.stretches.map { $0.clamped(to: window.x..<window.x + window.width) }.filter { !$0.isEmpty }
    rows = (0..<surface.height).clamped(to: window.y..<window.y + window.height)
  }

  /// The largest width and the height.
  var size: (width: Int, height: Int) { (stretches.map(\.count).max() ?? 0, rows.count) }

  var description: String {
    size.width == 0 || size.height == 0 ? "no surface at all" : "a surface of \(size.width) × \(size.height) pixels"
  }

  /// Any of the places where a mask fits. A shape hangs together, so it has pixels in all columns of its box.
  func corner(for mask: Mask, _ random: inout SeededGenerator) -> (x: Int, y: Int)? {
    let starts = stretches.map { max(0, $0.count - mask.width + 1) }
    let (across, down) = (starts.reduce(0, +), rows.count - mask.height + 1)
    guard across > 0, down > 0 else { return nil }
    var left = random.int(below: across)
    let y = rows.lowerBound + random.int(below: down)
    for (stretch, count) in zip(stretches, starts) {
      if left < count { return (stretch.lowerBound + left, y) }
      left -= count
    }
    return nil
  }
}

/// A shape after turning and scaling, cut out again.
private struct TurnedShape {
  let mask: Mask
  private let shape: DefectShape
  /// From the new cut-out to the old.
  private let map: AffineMap
  private let angle: Double
  private let scale: Double
  private let isMirrored: Bool

  /// Nil where nothing is left of it, or it is larger than any image.
  init?(_ shape: DefectShape, _ angle: Double, _ scale: Double, _ isMirrored: Bool) {
    let (width, height) = (Double(shape.mask.width) * scale, Double(shape.mask.height) * scale)
    let (cosine, sine) = (abs(cos(angle * .pi / 180)), abs(sin(angle * .pi / 180)))
    // A pixel to either side for what rounding moves; a quarter turn has a sine of nearly 0, and must not gain a row.
    let canvas = (
      width: Int((width * cosine + height * sine - 1e-6).rounded(.up)) + 2,
      height: Int((width * sine + height * cosine - 1e-6).rounded(.up)) + 2
    )
    guard canvas.width <= Image.defaultPixelLimit / canvas.height else { return nil }
    let map = AffineMap(
      undoing: angle, scale: scale, mirrored: isMirrored, of: (shape.mask.width, shape.mask.height), on: canvas)
    let whole = shape.mask.warped(by: map, width: canvas.width, height: canvas.height)
    guard let box = whole.boundingBox else { return nil }
    mask = whole.cropped(to: box)
    self.map = map.after(movingBy: box.x, box.y)
    self.shape = shape
    self.angle = angle
    self.scale = scale
    self.isMirrored = isMirrored
  }

  func placed(at corner: (x: Int, y: Int), on surface: Surface) -> DefectPlacement {
    var bits = [UInt8](repeating: 0, count: surface.width * surface.height)
    for y in 0..<mask.height {
      let start = (corner.y + y) * surface.width + corner.x
      bits.replaceSubrange(start..<start + mask.width, with: mask.bits[y * mask.width..<(y + 1) * mask.width])
    }
    return DefectPlacement(
      shape: shape, mask: Mask(width: surface.width, height: surface.height, bits: bits),
      box: PixelBox(x: corner.x, y: corner.y, width: mask.width, height: mask.height),
      map: map.after(movingBy: -corner.x, -corner.y), angle: angle, scale: scale, isMirrored: isMirrored)
  }
}
