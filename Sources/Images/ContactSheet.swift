import CVision

/// Many images on one: rows of captioned cells, for looking at data sets, samples and comparisons.
public struct ContactSheet: Sendable {
  public struct Cell: Sendable {
    public let image: Image
    public let caption: String

    public init(_ image: Image, caption: String = "") {
      self.image = image
      self.caption = caption
    }
  }

  public let rows: [[Cell]]
  /// The square, in pixels, into which each image is fitted without distortion.
  public let cellSize: Int
  private static let gap = 4
  private static let captionHeight = 14
  private static let textScale = 0.35

  /// Rows as they are given, such as before, after and mask side by side.
  public init(rows: [[Cell]], cellSize: Int = 128) {
    precondition(cellSize > 0, "cells are at least one pixel wide")
    self.rows = rows
    self.cellSize = cellSize
  }

  /// Cells filled into `columns` columns.
  public init(_ cells: [Cell], columns: Int, cellSize: Int = 128) {
    precondition(columns > 0, "a sheet has at least one column")
    self.init(
      rows: stride(from: 0, to: cells.count, by: columns).map { Array(cells[$0..<min($0 + columns, cells.count)]) },
      cellSize: cellSize)
  }

  /// Draws the sheet: RGB, 8 bits, on white.
  public func rendered() throws -> Image {
    let captionHeight = rows.joined().contains { !$0.caption.isEmpty } ? Self.captionHeight : 0
    let pitch = (x: cellSize + Self.gap, y: cellSize + captionHeight + Self.gap)
    let width = max(rows.map(\.count).max() ?? 0, 1) * pitch.x + Self.gap
    let height = max(rows.count, 1) * pitch.y + Self.gap
    var canvas = [UInt8](repeating: 255, count: width * height * 3)
    for (row, cells) in rows.enumerated() {
      for (column, cell) in cells.enumerated() {
        let corner = (x: Self.gap + column * pitch.x, y: Self.gap + row * pitch.y)
        let fitted = try fitted(cell.image)
        let inset = (x: (cellSize - fitted.width) / 2, y: (cellSize - fitted.height) / 2)
        let bytes = fitted.bytes
        for y in 0..<fitted.height {
          let target = ((corner.y + inset.y + y) * width + corner.x + inset.x) * 3
          canvas.replaceSubrange(
            target..<target + fitted.width * 3, with: bytes[y * fitted.width * 3..<(y + 1) * fitted.width * 3])
        }
        guard !cell.caption.isEmpty else { continue }
        let text = shortened(cell.caption)
        try canvas.withUnsafeMutableBytes { raw in
          guard let base = raw.baseAddress else { return }
          try VisionError.check { error in
            cv_draw_text(
              base, Int32(width), Int32(height), text, Int32(corner.x), Int32(corner.y + cellSize + 11),
              Self.textScale, 0, 0, 0, error)
          }
        }
      }
    }
    return Image(width: width, height: height, channels: 3, bytes: canvas)
  }

  /// The first cell of each row of a rendered sheet, with what is written under it.
  ///
  /// - Throws: `VisionError` where not even one cell fits.
  static func firstColumn(of sheet: Image, cellSize: Int) throws -> [Image] {
    let height = cellSize + captionHeight
    let count = (sheet.height - gap) / (height + gap)
    guard count > 0, sheet.width >= cellSize + 2 * gap else {
      throw VisionError("a sheet of \(sheet.width) × \(sheet.height) pixels has no cell of \(cellSize)")
    }
    return (0..<count).map { row in
      sheet.cropped(to: PixelBox(x: gap, y: gap + row * (height + gap), width: cellSize, height: height))
    }
  }

  private func fitted(_ image: Image) throws -> Image {
    let long = max(image.width, image.height)
    func scaled(_ side: Int) -> Int { max(1, (2 * side * cellSize + long) / (2 * long)) }
    // Small images are enlarged pixel by pixel, so that what is seen is what is there.
    let interpolation: Interpolation? = long * 2 <= cellSize ? .nearest : nil
    return try image.eightBit().colour()
      .resized(
        width: min(scaled(image.width), cellSize), height: min(scaled(image.height), cellSize), by: interpolation)
  }

  /// The longest start of `caption` that fits a cell. OpenCV's font knows ASCII only, so other characters become "?".
  private func shortened(_ caption: String) -> String {
    var text = String(caption.unicodeScalars.map { $0.isASCII && $0.value >= 32 ? Character($0) : "?" })
    func width(_ text: String) -> Int {
      var size: (Int32, Int32) = (0, 0)
      cv_text_size(text, Self.textScale, &size.0, &size.1)
      return Int(size.0)
    }
    guard width(text) > cellSize else { return text }
    while !text.isEmpty, width(text + "..") > cellSize { text.removeLast() }
    return text + ".."
  }
}
