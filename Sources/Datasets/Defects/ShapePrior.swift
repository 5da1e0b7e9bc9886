import Files
import Foundation
import Images
import Randomness

/// Shapes that are drawn like the real ones of each class: a smoothed bootstrap of a few numbers, and outlines from them.
///
/// A drawn shape takes area, elongation, orientation, width, fullness and width profile of one real instance together, so that
/// what belongs together stays together, and changes them at random by `jitter`. What is at least
/// `slenderness` times as long as it is wide becomes a stroke: a random walk of headings, as bent as the fullness asks, with the
/// profile as its width. Everything else becomes a closed outline, whose logarithm of the radius is a random Fourier series,
/// stretched to the elongation. Of several candidates the one nearest in elongation and fullness is taken, and scaled to the
/// area. The pixels of real masks are never used.
public struct ShapePrior: DefectShapes {
  public let classNames: [String]
  /// What the shapes are drawn from, by class.
  public let statistics: [String: [ShapeStatistics]]
  /// Standard deviation of what the logarithms of area and width are changed by; elongation's is half of it.
  public var jitter = 0.15
  /// From what ratio of length to width on a shape is a stroke.
  public var slenderness = 6.0
  public var candidates = 8
  private let sides: [String: Double]

  /// Measures all instances of a library.
  public init(fitting library: DefectLibrary) throws {
    classNames = library.classNames
    var statistics: [String: [ShapeStatistics]] = [:]
    var sides: [String: Double] = [:]
    for name in library.classNames {
      let shapes = library.shapes(of: name)
      statistics[name] = try shapes.map { try ShapeStatistics(of: $0.mask) }
      sides[name] = Double(shapes.map { max($0.mask.width, $0.mask.height) }.max() ?? 1)
    }
    self.statistics = statistics
    self.sides = sides
  }

  public func shape(of category: String, _ random: inout SeededGenerator) throws -> DefectShape {
    guard let known = statistics[category], let largest = sides[category] else {
      throw InputError(
        at: "a drawn shape", expected: "one of the classes \(classNames.joined(separator: ", "))",
        found: "'\(category)'")
    }
    let model = random.element(of: known)
    let target = ShapeTarget(
      area: max(model.area * exp(jitter * random.normal()), 4),
      elongation: max(model.elongation * exp(jitter / 2 * random.normal()), 1),
      orientation: model.orientation + jitter * random.normal(),
      thickness: max(model.thickness * exp(jitter * random.normal()), 1), fullness: model.fullness,
      profile: model.profile)
    let isStroke = model.slenderness >= slenderness
    var best: (outline: any ShapeOutline, distance: Double)?
    for _ in 0..<candidates {
      let outline: any ShapeOutline =
        isStroke ? StrokeOutline(target, &random) : RadialOutline(target, &random)
      let distance = outline.distance(from: target)
      if best.map({ distance < $0.distance }) ?? true { best = (outline, distance) }
    }
    guard let outline = best?.outline else {
      throw InputError(at: "candidates of a drawn shape", expected: "at least 1", found: "\(candidates)")
    }
    // No drawn shape is larger than half as much again as the longest of its class.
    return DefectShape(
      category: category, mask: outline.mask(of: target, longest: 1.5 * largest), origin: nil)
  }
}
