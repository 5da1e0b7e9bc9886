extension RunLengthCode {
  /// A corner of an outline in pixels: (0, 0) is the image's upper left corner, (0.5, 0.5) the centre of its first pixel.
  public struct Corner: Equatable, Sendable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// The most places at which outlines may cross columns of pixels: it bounds time and memory for outlines from outside.
  public static let crossingLimit = 20_000_000

  /// The pixels whose centres lie inside of outlines, each closed from its last corner to its first; of several, all pixels
  /// that lie in any of them. Where an outline crosses itself, the even-odd rule holds. What lies beyond the image is cut off.
  ///
  /// Outlines along the edges of pixels give back exactly those pixels. `pycocotools` draws outlines somewhat larger: it
  /// counts the pixels on the border in.
  ///
  /// - Throws: `Problem` for sizes and numbers that cannot be, fewer than 3 corners, and outlines beyond `crossingLimit`.
  public init(width: Int, height: Int, outlines: [[Corner]]) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= Image.defaultPixelLimit else {
      throw Problem("a size of \(width) × \(height)")
    }
    var runs: [Run] = []
    var left = Self.crossingLimit
    for outline in outlines {
      guard outline.count >= 3 else { throw Problem("an outline of \(outline.count) corners") }
      guard outline.allSatisfy({ abs($0.x) <= 1e9 && abs($0.y) <= 1e9 }) else {
        throw Problem("a corner that is no number of pixels")
      }
      try Self.appendRuns(inside: outline, width: width, height: height, crossingsLeft: &left, to: &runs)
    }
    self.init(width: width, height: height, uniting: runs)
  }

  private static func appendRuns(
    inside outline: [Corner], width: Int, height: Int, crossingsLeft: inout Int, to runs: inout [Run]
  ) throws {
    // Column x is crossed where the outline passes the vertical line through its centres, x + 0.5.
    var crossings: [(column: Int, y: Double)] = []
    var last = outline[outline.count - 1]
    for corner in outline {
      let (from, to) = last.x <= corner.x ? (last, corner) : (corner, last)
      last = corner
      // Half open, so that a corner on the line counts once.
      let first = max(0, Int((from.x - 0.5).rounded(.up)))
      let end = min(width, Int((to.x - 0.5).rounded(.up)))
      guard first < end else { continue }
      crossingsLeft -= end - first
      guard crossingsLeft >= 0 else {
        throw Problem("outlines of more than \(crossingLimit) crossings with columns of pixels")
      }
      let slope = (to.y - from.y) / (to.x - from.x)
      for column in first..<end { crossings.append((column, from.y + (Double(column) + 0.5 - from.x) * slope)) }
    }
    crossings.sort { ($0.column, $0.y) < ($1.column, $1.y) }
    // A closed outline crosses each line an even number of times.
    for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
      let (column, top) = crossings[pair]
      let first = min(max(Int((top - 0.5).rounded(.up)), 0), height)
      let end = min(max(Int((crossings[pair + 1].y - 0.5).rounded(.up)), 0), height)
      if first < end { runs.append(Run(start: column * height + first, count: end - first)) }
    }
  }
}
