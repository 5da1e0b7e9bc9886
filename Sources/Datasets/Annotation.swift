import Images

/// One defect, or all defects of one kind, in an image.
public struct Annotation: Equatable, Sendable {
  /// COCO's box: left, top, width and height in pixels, which need not be whole.
  public struct Box: Equatable, Sendable {
    public let x: Double
    public let y: Double
    public let width: Double
    public let height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    public init(_ box: PixelBox) {
      self.init(x: Double(box.x), y: Double(box.y), width: Double(box.width), height: Double(box.height))
    }

    /// Whether all numbers are finite and the box lies within an image, up to rounding of a hundredth of a pixel.
    func lies(withinWidth width: Int, height: Int) -> Bool {
      let slack = 0.01
      return [x, y, self.width, self.height].allSatisfy(\.isFinite) && x >= -slack && y >= -slack && self.width > 0
        && self.height > 0 && x + self.width <= Double(width) + slack && y + self.height <= Double(height) + slack
    }
  }

  /// Unique within the data set, from 1 on.
  public let id: Int
  public let categoryID: Int
  public let box: Box
  /// In pixels: of the mask, or of the box where there is no mask.
  public let area: Double
  /// Which pixels; nil where only the box is known, or where the label is of the whole image.
  public let segmentation: RunLengthCode?
}
