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

    /// As COCO writes it.
    var numbers: [Double] { [x, y, width, height] }

    /// What of it lies within an image; nil where nothing does, or a number is none.
    func clipped(toWidth width: Int, height: Int) -> Box? {
      let (left, top) = (max(x, 0), max(y, 0))
      let (right, bottom) = (min(x + self.width, Double(width)), min(y + self.height, Double(height)))
      guard self.width > 0, self.height > 0, right > left, bottom > top else { return nil }
      // Unchanged numbers stay as they are, to the last bit.
      let clippedWidth = left == x && right == x + self.width ? self.width : right - left
      let clippedHeight = top == y && bottom == y + self.height ? self.height : bottom - top
      return Box(x: left, y: top, width: clippedWidth, height: clippedHeight)
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

  /// Whether it says of the whole image that it shows the defect, and not where.
  func isOfWholeImage(_ width: Int, _ height: Int) -> Bool {
    segmentation == nil && box == Box(x: 0, y: 0, width: Double(width), height: Double(height))
  }
}
