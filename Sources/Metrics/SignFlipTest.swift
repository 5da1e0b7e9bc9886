import Randomness

/// The paired permutation test: if two arms did not differ, every seed's difference could as well have had the other sign.
///
/// Up to 20 differences all 2ⁿ sign patterns are counted, so the p value is exact; with n = 5 it cannot fall below
/// 2/32 = 0.0625. Beyond that, 100 000 random patterns stand for all.
public enum SignFlipTest {
  /// The two-sided p value of the mean of `differences`, in (0, 1]; nil without differences.
  ///
  /// - Parameter seed: only used for more than 20 differences.
  public static func pValue(_ differences: [Double], seed: UInt64 = 0) -> Double? {
    guard !differences.isEmpty else { return nil }
    // Patterns that differ from the observed one only by rounding count as equal to it.
    let observed = abs(differences.reduce(0, +)) - 1e-12 * differences.reduce(0) { $0 + abs($1) }
    if differences.count <= 20 {
      let patterns = 1 << differences.count
      var extreme = 0
      for pattern in 0..<patterns {
        var sum = 0.0
        for index in differences.indices {
          sum += (pattern >> index) & 1 == 1 ? -differences[index] : differences[index]
        }
        if abs(sum) >= observed { extreme += 1 }
      }
      return Double(extreme) / Double(patterns)
    }
    var generator = SeededGenerator(seed: seed, purpose: "sign flips")
    let draws = 100_000
    var extreme = 0
    for _ in 0..<draws {
      let sum = differences.reduce(0) { $0 + (generator.bool() ? $1 : -$1) }
      if abs(sum) >= observed { extreme += 1 }
    }
    return Double(extreme + 1) / Double(draws + 1)
  }
}

/// Holm's step-down correction for asking several questions at once (Holm 1979): controls the chance of any false finding.
public enum HolmCorrection {
  /// Adjusted p values in the order given, each in 0...1 and never below the value it adjusts.
  public static func adjusted(_ pValues: [Double]) -> [Double] {
    var result = pValues
    var highest = 0.0
    for (rank, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
      highest = max(highest, min(1, pValues[index] * Double(pValues.count - rank)))
      result[index] = highest
    }
    return result
  }
}
