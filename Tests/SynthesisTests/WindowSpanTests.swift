import Randomness
import Testing

@testable import Synthesis

/// Windows of whole fours that hold a defect with its margin, wherever it lies.
struct WindowSpanTests {
  @Test(arguments: [64, 65, 70, 91, 200], [32, 64]) func windowsHoldTheirDefects(length: Int, size: Int) {
    var random = SeededGenerator(seed: UInt64(length + size))
    var starts: Set<Int> = []
    var counts: Set<Int> = []
    for _ in 0..<600 {
      let span = WindowSpan(length, size, 4, &random)
      #expect(span.largest.count == length / 4 * 4 && span.largest.clamped(to: 0..<length) == span.largest)
      let extent = 1 + random.int(below: span.inner.count)
      let place = span.inner.lowerBound + random.int(below: span.inner.count - extent + 1)
      let defect = place..<place + extent
      let window = span.window(around: defect, &random)
      #expect(window.count % 4 == 0 && window.count >= size && window.clamped(to: span.largest) == window)
      // With its margin.
      #expect(window.lowerBound <= defect.lowerBound - 4 && window.upperBound >= defect.upperBound + 4)
      // No larger than that takes.
      #expect(window.count == size || window.count < extent + 2 * 4 + 4)
      starts.insert(window.lowerBound)
      counts.insert(window.count)
    }
    #expect(starts.count > 1 || length - length % 4 == size && length % 4 == 0)
    #expect(counts.contains(size) && (length < size + 8 || counts.count > 2))
  }
}
