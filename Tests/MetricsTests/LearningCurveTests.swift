import Foundation
import Metrics
import Testing

struct LearningCurveTests {
  @Test func itRisesWithTheLogarithmBetweenCounts() {
    let curve = LearningCurve(counts: [10, 20, 80], values: [0.2, 0.4, 0.8])
    #expect(abs(curve.count(reaching: 0.3) - 10 * 2.0.squareRoot()) < 1e-9)
    #expect(abs(curve.count(reaching: 0.6) - 40) < 1e-9)
    #expect(abs(curve.count(reaching: 0.4) - 20) < 1e-9)
  }

  @Test func beyondItsEndsItStaysAtThem() {
    let curve = LearningCurve(counts: [10, 20], values: [0.2, 0.4])
    #expect(curve.count(reaching: 0.1) == 10 && curve.count(reaching: 0.9) == 20)
    #expect(LearningCurve(counts: [5], values: [0.5]).count(reaching: 0.5) == 5)
  }

  /// Values that fall take their mean with what is before them: 0.5, 0.3 and 0.2 a third each.
  @Test func whereItFellItIsFlat() {
    let curve = LearningCurve(counts: [1, 2, 3, 4, 5], values: [0.1, 0.5, 0.3, 0.2, 0.6])
    for (value, expected) in zip(curve.values, [0.1, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0.6]) {
      #expect(abs(value - expected) < 1e-12)
    }
    // On the flat part the first of its counts is enough.
    #expect(curve.count(reaching: 1.0 / 3 - 1e-9) <= 2)
  }
}
