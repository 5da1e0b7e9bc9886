import Datasets
import Images

/// The picture that a defect is taken from, and which of its pixels may come along.
public struct PasteSource: Sendable {
  public let image: Image
  /// Pixels of the surface near the defect: no dark column, and no other defect.
  public let usable: Mask

  /// Other defects stay as far away as their masks may be too tight.
  private static let distance = 2.0

  /// - Parameters:
  ///   - image: of any size and kind.
  ///   - shape: a defect of it.
  ///   - defects: all defects of the image.
  /// - Precondition: image and defects have one size, and the shape's box lies within.
  public init(_ image: Image, shape: DefectShape, defects: Mask) throws {
    self.image = image
    var others = defects.bits
    if let box = shape.origin?.box {
      for y in 0..<box.height {
        for x in 0..<box.width where shape.mask.bits[y * box.width + x] != 0 {
          others[(box.y + y) * defects.width + box.x + x] = 0
        }
      }
    }
    let blocked = try Mask(width: defects.width, height: defects.height, bits: others).dilated(by: Self.distance)
    // What holds a defect is surface, however dark: on a dark picture only what is darker still lies beside it.
    let columns = try Surface(of: image, darkLevel: Self.darkLevel(of: image, shape)).mask
    usable = Mask(
      width: blocked.width, height: blocked.height, bits: zip(columns.bits, blocked.bits).map { $0 & (1 - $1) })
  }
  private static func darkLevel(of image: Image, _ shape: DefectShape) throws -> Double {
    guard let box = shape.origin?.box else { return Surface.darkLevel }
    let around = PixelBox(x: box.x, y: 0, width: box.width, height: image.height)
    return min(Surface.darkLevel, 255 * image.cropped(to: around).brightness / 2)
  }
}
