import Metrics
import Testing

struct StatisticsTests {
  @Test func quantilesAgreeWithSciPy() throws {
    let goldens = try ScoreGoldens.load()
    for golden in goldens.quantiles {
      let t = Quantiles.studentT(golden.probability, degreesOfFreedom: golden.degrees)
      #expect(abs(t - golden.t) <= 1e-9 * max(1, abs(golden.t)), "t(\(golden.degrees)) at \(golden.probability)")
      #expect(abs(Quantiles.normal(golden.probability) - golden.normal) <= 1e-9)
    }
    let sorted = goldens.sample.values.sorted()
    for pair in goldens.sample.quantiles { #expect(abs(Quantiles.sample(sorted, pair[0]) - pair[1]) < 1e-12) }
  }

  /// All of one sign: of 2⁵ patterns only the observed one and its mirror are as extreme.
  @Test func signFlipsAreCountedExactly() {
    #expect(SignFlipTest.pValue([0.1, 0.2, 0.3, 0.4, 0.5]) == 2.0 / 32)
    #expect(SignFlipTest.pValue([-0.1, -0.2, -0.3, -0.4, -0.5]) == 2.0 / 32)
    // Sums of ±1 ±2 ±3 that reach |1 + 2 − 3| = 0: every one of them.
    #expect(SignFlipTest.pValue([1, 2, -3]) == 1)
    // |1 − 2 + 4| = 3 is reached by ±(1+2+4), ±(−1+2+4), ±(1−2+4): 6 of 8.
    #expect(SignFlipTest.pValue([1, -2, 4]) == 0.75)
    #expect(SignFlipTest.pValue([]) == nil)
  }

  @Test func manySignFlipsAreSampled() throws {
    let mixed = (0..<24).map { $0 % 2 == 0 ? 1.0 : -1.0 }
    #expect(try #require(SignFlipTest.pValue(mixed)) == 1)
    let clear = (0..<24).map { 1.0 + Double($0) / 100 }
    #expect(try #require(SignFlipTest.pValue(clear)) < 1e-4)
  }

  @Test func holmStepsDown() {
    // Holm by hand: 0.01·4, then max(0.04, 0.02·3), then max(0.06, 0.03·2), then max(0.06, 0.04·1).
    let adjusted = HolmCorrection.adjusted([0.04, 0.01, 0.03, 0.02])
    for (value, expected) in zip(adjusted, [0.06, 0.04, 0.06, 0.06]) { #expect(abs(value - expected) < 1e-12) }
    #expect(HolmCorrection.adjusted([0.9, 0.8]) == [1, 1])
    #expect(HolmCorrection.adjusted([]) == [])
  }
}
