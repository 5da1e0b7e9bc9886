extension RunLengthCode {
  /// Pixels one after another down the columns, from the left.
  public struct Run: Equatable, Sendable {
    /// From 0 on: `x × height + y`.
    public let start: Int
    public let count: Int

    public init(start: Int, count: Int) {
      self.start = start
      self.count = count
    }
  }

  /// Runs of set pixels in any order; they may touch and overlap.
  ///
  /// - Throws: `Problem` unless the size is sensible and each run lies within it.
  public init(width: Int, height: Int, runs: [Run]) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= Image.defaultPixelLimit else {
      throw Problem("a size of \(width) × \(height)")
    }
    for run in runs {
      guard run.start >= 0, run.count > 0, run.start < pixels, run.count <= pixels - run.start else {
        throw Problem("a run of \(run.count) pixels from \(run.start) in an image of \(pixels)")
      }
    }
    self.init(width: width, height: height, uniting: runs)
  }

  /// - Precondition: all runs lie within the image.
  init(width: Int, height: Int, uniting runs: [Run]) {
    var counts: [Int] = []
    var end = 0
    for run in runs.sorted(by: { $0.start < $1.start }) {
      let stop = run.start + run.count
      if run.start > end || counts.isEmpty {
        counts.append(run.start - end)
        counts.append(run.count)
        end = stop
      } else if stop > end {
        counts[counts.count - 1] += stop - end
        end = stop
      }
    }
    if end < width * height || counts.isEmpty { counts.append(width * height - end) }
    self.init(width: width, height: height, checked: counts)
  }

  /// Runs of set pixels in order.
  public var runs: [Run] {
    var start = 0
    var result: [Run] = []
    result.reserveCapacity(counts.count / 2)
    for (index, count) in counts.enumerated() {
      if index % 2 == 1, count > 0 { result.append(Run(start: start, count: count)) }
      start += count
    }
    return result
  }

  /// The smallest box around all pixels set; nil where there are none.
  public var boundingBox: PixelBox? {
    var (left, top, right, bottom) = (width, height, -1, -1)
    for run in runs {
      let last = run.start + run.count - 1
      let (first, end) = (run.start / height, last / height)
      left = min(left, first)
      right = max(right, end)
      if end > first {
        // It goes on at the top of the next column.
        (top, bottom) = (0, height - 1)
      } else {
        top = min(top, run.start % height)
        bottom = max(bottom, last % height)
      }
    }
    return right < 0 ? nil : PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  /// - Precondition: both have one size.
  public func union(_ other: RunLengthCode) -> RunLengthCode {
    precondition(width == other.width && height == other.height, "masks of one size can be united")
    return RunLengthCode(width: width, height: height, uniting: runs + other.runs)
  }

  /// The same pixels within a larger image.
  ///
  /// - Precondition: it lies within `width` × `height` with its upper left corner at (`x`, `y`).
  public func placed(x: Int, y: Int, inWidth width: Int, height: Int) -> RunLengthCode {
    precondition(
      PixelBox(x: x, y: y, width: self.width, height: self.height).lies(withinWidth: width, height: height),
      "a mask is placed within an image")
    var parts: [Run] = []
    for run in runs {
      var (start, left) = (run.start, run.count)
      while left > 0 {
        let (column, row) = (start / self.height, start % self.height)
        let count = min(left, self.height - row)
        parts.append(Run(start: (x + column) * height + y + row, count: count))
        start += count
        left -= count
      }
    }
    return RunLengthCode(width: width, height: height, uniting: parts)
  }
}
