import Randomness

/// How far a translator's window may reach along one side of an image: in multiples of 4 pixels, which is what it can halve
/// twice.
struct WindowSpan {
  /// The largest window there can be.
  let largest: Range<Int>
  /// Where in it a defect may lie.
  let inner: Range<Int>
  private let size: Int
  private let margin: Int

  /// - Parameters:
  ///   - length: of the image; at least `size`.
  ///   - size: of the smallest window, a multiple of 4.
  ///   - margin: what a defect leaves free of the window on both sides.
  init(_ length: Int, _ size: Int, _ margin: Int, _ random: inout SeededGenerator) {
    self.size = size
    self.margin = margin
    let start = random.int(below: length % 4 + 1)
    largest = start..<start + length / 4 * 4
    inner = start + margin..<max(start + margin, largest.upperBound - margin)
  }

  /// A window around a defect, anywhere that it holds the defect with its margin.
  func window(around defect: Range<Int>, _ random: inout SeededGenerator) -> Range<Int> {
    let needed = (defect.lowerBound - margin..<defect.upperBound + margin).clamped(to: largest)
    let count = max(size, (needed.count + 3) / 4 * 4)
    let first = max(largest.lowerBound, needed.upperBound - count)
    let last = min(needed.lowerBound, largest.upperBound - count)
    let start = first + random.int(below: last - first + 1)
    return start..<start + count
  }
}
