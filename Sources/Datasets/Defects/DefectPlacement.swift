import Images

/// A shape, turned, scaled and put onto a clean image.
public struct DefectPlacement: Equatable, Sendable {
  public let shape: DefectShape
  /// Of the clean image's size: the label.
  public let mask: Mask
  /// The smallest box around the mask.
  public let box: PixelBox
  /// Where the clean image's pixels lie in `shape.mask`.
  public let map: AffineMap
  /// Degrees clockwise, after mirroring.
  public let angle: Double
  /// Of the lengths; above 1 the shape was enlarged.
  public let scale: Double
  /// Whether the shape was mirrored left to right.
  public let isMirrored: Bool

  /// The name of the class.
  public var category: String { shape.category }

  /// Where the clean image's pixels lie in the image that the shape was cut from; nil for a drawn shape.
  public var sourceMap: AffineMap? { shape.origin.map { map.then(movingBy: $0.box.x, $0.box.y) } }
}
