import Files
import Images

/// Whole images as tiles of one size that overlap; the last of a row or column is moved inward, so that every pixel is shown.
public struct TiledWindows: WindowChooser, Equatable {
  /// Side of the square tiles in pixels.
  public var side: Int
  /// Pixels that neighbours share at least.
  public var overlap: Int
  /// Tiles with a column of a lower mean grey value, 0 ... 255, are left out; 0 takes all.
  public var darkLevel: Double

  public init(side: Int, overlap: Int = 0, darkLevel: Double = 0) {
    self.side = side
    self.overlap = overlap
    self.darkLevel = darkLevel
  }

  public func validate() throws {
    guard (8...4096).contains(side), (0..<side).contains(overlap), (0...255).contains(darkLevel) else {
      throw InputError(
        at: "tiles", expected: "a side of 8 to 4096 pixels, a smaller overlap, and a dark level of 0 to 255",
        found: "\(side) pixels, overlap \(overlap), dark level \(darkLevel)")
    }
  }

  public func plan(for dataset: Dataset, with work: CropWork) throws -> WindowPlan {
    var plan = WindowPlan(imageCount: dataset.images.count)
    plan.report.width = side
    plan.report.height = side
    try work.inOrder("choosing tiles", count: dataset.images.count) { index in
      let image = dataset.images[index]
      var report = CropReport()
      guard image.width >= side, image.height >= side else {
        report.tooSmall = [image.fileName]
        return ([PixelBox](), report)
      }
      guard image.annotations.allSatisfy({ $0.segmentation != nil }) else {
        report.withoutMask = [image.fileName]
        return ([], report)
      }
      var tiles = Self.starts(image.height, side, overlap).flatMap { y in
        Self.starts(image.width, side, overlap).map { PixelBox(x: $0, y: y, width: side, height: side) }
      }
      if darkLevel > 0 {
        let brightness = try WindowBrightness(of: dataset.pixels(of: image))
        let bright = tiles.filter { !brightness.hasDarkColumn(in: $0, below: darkLevel) }
        report.dark = tiles.count - bright.count
        tiles = bright
      }
      return (tiles, report)
    } take: { index, found in
      plan.boxes[index] = found.0
      plan.report.add(found.1)
    }
    return plan
  }

  /// Where tiles begin along a side.
  static func starts(_ length: Int, _ side: Int, _ overlap: Int) -> [Int] {
    var starts = Array(stride(from: 0, through: length - side, by: side - overlap))
    if let last = starts.last, last + side < length { starts.append(length - side) }
    return starts
  }
}
