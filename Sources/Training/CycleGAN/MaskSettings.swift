import Datasets
import Files
import Foundation

/// How a translator is conditioned on masks of where a defect shall be.
public struct MaskSettings: Codable, Equatable, Sendable {
  /// Where the masks on clean images come from.
  public enum Shapes: String, Codable, CaseIterable, Sendable {
    /// The training split's own defects: as they lie while training, put anywhere when a data set is made.
    case real
    /// Drawn like those, and put anywhere.
    case drawn
  }

  public var shapes = Shapes.real
  /// Pixels over which a mask falls to 0 around its defect: what the translator may blend.
  public var feather = 3.0
  /// Of the lengths of shapes that are put somewhere, from the smallest to the largest.
  public var smallestScale = DefectPlacer.scales.lowerBound
  public var largestScale = DefectPlacer.scales.upperBound
  /// How far shapes that are put somewhere are turned, in degrees to either side; nil for the placer's own.
  public var turn: Double?
  /// SHA-256 of the training split's masks: a resumed run refuses others.
  public var masksHash: String

  public init(masksHash: String) { self.masksHash = masksHash }

  func check() throws {
    guard (0...64).contains(feather) else {
      throw InputError(at: "feather", expected: "0 to 64 pixels", found: "\(feather)")
    }
    guard smallestScale <= largestScale else {
      throw InputError(at: "scale", expected: "the smallest first", found: "\(smallestScale)-\(largestScale)")
    }
    _ = try placer()
  }

  public func placer() throws -> DefectPlacer {
    try DefectPlacer(scales: smallestScale...largestScale, turn: turn ?? DefectPlacer.turn)
  }

  /// For training.
  func cleanMasks(like library: DefectLibrary) throws -> MaskedLoader.CleanMasks {
    switch shapes {
    case .real: .windows
    case .drawn: try .placed(shapes(like: library), placer())
    }
  }

  /// For making defects.
  public func shapes(like library: DefectLibrary) throws -> any DefectShapes {
    switch shapes {
    case .real: library
    case .drawn: try ShapePrior(fitting: library)
    }
  }
}

extension DefectLibrary {
  /// The defects of the source's classes.
  ///
  /// - Throws: `InputError` when it is no source of classes of a split data set with masks.
  public init(of source: TrainingSource) throws {
    guard case .classes(let path, _, let defects) = source else {
      throw InputError(at: "source", expected: "classes of a data set with masks", found: "another source")
    }
    try self.init(of: Dataset(at: URL(fileURLWithPath: path)), classes: defects)
  }
}
