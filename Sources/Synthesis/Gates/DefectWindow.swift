import Images

/// A part of an image around a defect.
enum DefectWindow {
  /// A quarter of the defect's longer side to every side, and at least so many pixels.
  private static let leastMargin = 4

  /// The square with some surface on all sides.
  static func box(around defect: PixelBox, inWidth width: Int, height: Int) -> PixelBox {
    let longest = max(defect.width, defect.height)
    let side = longest + 2 * max(leastMargin, longest / 4)
    return box(of: (side, side), around: defect, inWidth: width, height: height)
  }

  /// A rectangle with the defect in its middle: moved where it would leave the image, and smaller where the image is.
  static func box(
    of size: (width: Int, height: Int), around defect: PixelBox, inWidth width: Int, height: Int
  ) -> PixelBox {
    let (across, down) = (min(size.width, width), min(size.height, height))
    return PixelBox(
      x: min(max(defect.x + (defect.width - across) / 2, 0), width - across),
      y: min(max(defect.y + (defect.height - down) / 2, 0), height - down), width: across, height: down)
  }

  /// Its pixels, 8 bits, resized to `side` × `side`.
  static func image(of image: Image, around defect: PixelBox, side: Int) throws -> Image {
    try image.cropped(to: box(around: defect, inWidth: image.width, height: image.height)).eightBit()
      .resized(width: side, height: side)
  }
}
