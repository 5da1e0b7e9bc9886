import Metrics
import Testing

struct AreaIntervalTests {
  /// The bounds where the equation holds, by SciPy's root finder (brentq) on Hanley and McNeil's variance.
  @Test(arguments: [
    (0.7, 20, 30, 0.95, 0.5347801197625341, 0.8251012359369407),
    (1.0, 12, 40, 0.95, 0.8597553892859116, 1.0),
    (0.5, 10, 10, 0.9, 0.30303210420152965, 0.6969678957984704),
    (0.0, 15, 15, 0.95, 0.0, 0.13524179437988307),
  ])
  func boundsAgreeWithSciPy(
    area: Double, positives: Int, negatives: Int, confidence: Double, low: Double, high: Double
  ) throws {
    let interval = try #require(
      AreaInterval.score(area: area, positives: positives, negatives: negatives, confidence: confidence))
    #expect(abs(interval.lowerBound - low) < 1e-9 && abs(interval.upperBound - high) < 1e-9, "\(interval)")
  }

  @Test func nothingToCompareHasNoInterval() {
    #expect(AreaInterval.score(area: 0.5, positives: 0, negatives: 9) == nil)
    #expect(AreaInterval.score(area: 0.5, positives: 9, negatives: 0) == nil)
  }

  @Test func moreGroupsTellMore() throws {
    let few = try #require(AreaInterval.score(area: 0.8, positives: 10, negatives: 10))
    let many = try #require(AreaInterval.score(area: 0.8, positives: 100, negatives: 100))
    #expect(many.lowerBound > few.lowerBound && many.upperBound < few.upperBound)
  }
}
