/// The same pictures at several times, side by side: rows are what is shown, columns are times.
public struct FilmStrip: Sendable {
  /// The most frames of one strip; of more, evenly chosen ones with the first and the last.
  public static let longest = 8

  public struct Frame: Sendable {
    public let caption: String
    /// A rendered `ContactSheet` with captions; its first cell of every row is shown.
    public let sheet: Image

    public init(_ sheet: Image, caption: String) {
      self.sheet = sheet
      self.caption = caption
    }
  }

  public let frames: [Frame]

  /// - Parameter frames: in order of time, at least one.
  public init(_ frames: [Frame]) {
    precondition(!frames.isEmpty, "a film strip has at least one frame")
    self.frames = Self.thinned(frames)
  }

  /// At most `count` elements, evenly chosen, with the first and the last.
  public static func thinned<Element>(_ all: [Element], to count: Int = longest) -> [Element] {
    precondition(count > 1, "the first and the last are two")
    guard all.count > count else { return all }
    return (0..<count).map { all[($0 * (all.count - 1) + (count - 1) / 2) / (count - 1)] }
  }

  /// - Parameter cellSize: of the sheets.
  /// - Throws: `VisionError` for a sheet that is smaller than one cell.
  public func rendered(cellSize: Int = 128) throws -> Image {
    let columns = try frames.map { try ContactSheet.firstColumn(of: $0.sheet, cellSize: cellSize) }
    let rows = (0..<(columns.map(\.count).max() ?? 0)).map { row in
      zip(frames, columns).map { frame, column in
        ContactSheet.Cell(
          row < column.count ? column[row] : Image(width: 1, height: 1, filledWith: 255), caption: frame.caption)
      }
    }
    return try ContactSheet(rows: rows, cellSize: columns.joined().map(\.height).max() ?? cellSize).rendered()
  }
}
