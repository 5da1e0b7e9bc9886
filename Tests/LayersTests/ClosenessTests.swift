import Foundation
import TestSupport
import Testing

/// The measure that every golden test relies on.
struct ClosenessTests {
  @Test func smallElementsMayCarryTheRoundingOfLargeOnes() {
    #expect(worstDifference([1000, 1e-9], [1000, 0], relative: 1e-5) == nil)
    #expect(worstDifference([1000.01, 0], [1000, 0], relative: 1e-5) == nil)
  }

  @Test(arguments: [
    ([1.0, 2.0, 3.1], [1.0, 2.0, 3.0], 2),
    ([1.0, -2.0, 3.0], [1.0, 2.0, 3.0], 1),
    ([1e-3, 0.0, 1.0], [0.0, 0.0, 1.0], 0),
    ([0.0, 1e-30, 0.0], [0.0, 0.0, 0.0], 1),
    ([1.0, .nan, 1.0], [1.0, 1.0, 1.0], 1),
    ([1.0, 1.0, 1.0], [1.0, 1.0, .nan], 2),
    ([1.0, 1.0, .infinity], [1.0, 1.0, 1.0], 2),
  ]) func theWorstElementIsFound(_ a: [Double], _ b: [Double], _ index: Int) {
    #expect(worstDifference(a, b, relative: 1e-5)?.index == index)
  }

  @Test func theWorstOfSeveralIsNamedAndAllAreCounted() {
    let worst = worstDifference([1.1, 2.0, 4.0], [1, 2, 3], relative: 1e-5)
    #expect(worst?.index == 2 && worst?.count == 2)
  }
}
