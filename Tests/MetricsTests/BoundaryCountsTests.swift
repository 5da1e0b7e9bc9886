import Metrics
import Testing

struct BoundaryCountsTests {
  private static let width = 12, height = 10

  private func square(_ x: Int, _ y: Int, _ side: Int) -> [Bool] {
    (0..<Self.width * Self.height).map { place in
      (x..<x + side).contains(place % Self.width) && (y..<y + side).contains(place / Self.width)
    }
  }

  private func counts(_ truth: [Bool], _ called: [Bool], tolerance: Int = 2) -> BoundaryCounts {
    BoundaryCounts(truth: truth, called: called, width: Self.width, tolerance: tolerance)
  }

  @Test func theSameOutlineIsMatchedWhole() {
    let same = counts(square(2, 2, 5), square(2, 2, 5), tolerance: 0)
    #expect(same.truth == 16 && same.truthMatched == 16 && same.called == 16 && same.calledMatched == 16)
    #expect(same.f1 == 1)
  }

  /// Moved by three to the right, the two outlines share rows and nothing else; each tolerance adds what lies so near.
  @Test func outlinesAreMatchedWithinTheTolerance() {
    let truth = square(1, 2, 5), called = square(4, 2, 5)
    func reference(_ tolerance: Int) -> Int {
      func outline(_ x: Int) -> [(Int, Int)] {
        (0..<5).flatMap { a in (0..<5).map { (x + a, 2 + $0) } }.filter { px, py in
          px == x || px == x + 4 || py == 2 || py == 6
        }
      }
      let other = outline(4)
      return outline(1).count { px, py in
        other.contains { ($0 - px) * ($0 - px) + ($1 - py) * ($1 - py) <= tolerance * tolerance }
      }
    }
    for tolerance in 0...3 {
      let found = counts(truth, called, tolerance: tolerance)
      #expect(found.truthMatched == reference(tolerance) && found.calledMatched == reference(tolerance))
    }
    #expect(reference(0) == 4 && reference(3) == 16)
  }

  @Test func anImagesBorderIsAnOutline() {
    #expect(counts(square(0, 0, 3), square(9, 7, 3)).truth == 8)
    #expect(counts(Array(repeating: true, count: 120), [] + square(0, 0, 1)).truth == 2 * (12 + 10) - 4)
  }

  @Test func nothingCalledFindsNothing() {
    let none = [Bool](repeating: false, count: Self.width * Self.height)
    #expect(counts(square(3, 3, 4), none).f1 == 0)
    #expect(counts(none, square(3, 3, 4)).f1 == nil)
    var sum = counts(square(2, 2, 5), square(2, 2, 5))
    sum += counts(none, square(3, 3, 4))
    // 16 of 16 found, 16 of 28 called rightly.
    #expect(abs((sum.f1 ?? 0) - 2 * (16.0 / 28) / (1 + 16.0 / 28)) < 1e-12)
  }
}
