import Images
import Randomness

/// The shape of one defect by itself, cut out, to be put somewhere.
public struct DefectShape: Equatable, Sendable {
  /// Where a shape was cut out.
  public struct Origin: Equatable, Sendable {
    /// File name of the image in its data set.
    public let fileName: String
    /// The image's group.
    public let group: String
    /// Which of the image's instances, from 0 on: its classes by id, and within a class from the top.
    public let instance: Int
    /// Where in the image the shape lies.
    public let box: PixelBox

    public init(fileName: String, group: String, instance: Int, box: PixelBox) {
      self.fileName = fileName
      self.group = group
      self.instance = instance
      self.box = box
    }
  }

  /// The name of the class.
  public let category: String
  /// Just as large as the shape.
  public let mask: Mask
  /// nil for a shape that was drawn.
  public let origin: Origin?

  public init(category: String, mask: Mask, origin: Origin? = nil) {
    self.category = category
    self.mask = mask
    self.origin = origin
  }
}

/// Where shapes of defects come from: real ones, or ones that are drawn like them.
public protocol DefectShapes: Sendable {
  /// The classes of which there are shapes.
  var classNames: [String] { get }

  /// Draws a shape of a class.
  ///
  /// - Throws: `InputError` for a class of which there is none.
  func shape(of category: String, _ random: inout SeededGenerator) throws -> DefectShape
}
