import Datasets
import Images

/// A clean image, and a defect that shall be made on it.
public struct PlacedDefect: Sendable {
  /// The clean image in its data set.
  public let source: DatasetImage
  /// Its pixels.
  public let clean: Image
  public let surface: Surface
  /// The part of it that the maker may see and change.
  public let window: PixelBox
  public let placement: DefectPlacement
}

/// Something that makes defects on clean images, each where it was placed and nowhere else.
public protocol DefectMaker {
  /// The hash of its weights, or its name and version: for the provenance of what it makes.
  var model: String { get }
  /// The training step of its weights; 0 for procedures.
  var step: Int { get }
  /// The least side of the window that it works on, whose sides are multiples of 4; nil for the whole image.
  var windowSize: Int? { get }
  /// How many pixels beyond a defect change; as far it stays away from the window's border.
  var reach: Int { get }

  /// The clean images with their defects, in order and of their sizes, 8 bits. A pixel farther from the mask than `reach` is
  /// the clean image's own.
  func images(of placed: [PlacedDefect]) throws -> [Image]
}
