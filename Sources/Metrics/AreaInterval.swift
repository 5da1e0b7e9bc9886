/// An interval for one area under the receiver operating characteristic, with no resampling.
public enum AreaInterval {
  /// The score interval: all areas from which the one observed lies no more than z standard errors away, the standard error
  /// being Hanley and McNeil's (1982) at each of them (Newcombe 2006, in the manner of his method 5). Unlike the observed area
  /// plus or minus something, it stays within 0 ... 1 and has a width even where the observed area is 1.
  ///
  /// - Parameters:
  ///   - area: in 0...1.
  ///   - positives: how many independent positives; groups rather than images where images of one group resemble each other.
  ///   - negatives: the same for negatives.
  ///   - confidence: in (0, 1).
  /// - Returns: nil without positives or negatives.
  public static func score(
    area: Double, positives: Int, negatives: Int, confidence: Double = 0.95
  ) -> ClosedRange<Double>? {
    precondition((0...1).contains(area), "an area lies in 0...1, got \(area)")
    guard positives > 0, negatives > 0 else { return nil }
    let z = Quantiles.normal(1 - (1 - confidence) / 2)
    /// Whether `other` is nearer to the observed area than z of its standard errors.
    func isPossible(_ other: Double) -> Bool {
      let square = other * other
      let first = other / (2 - other) - square, second = 2 * square / (1 + other) - square
      let sum = other * (1 - other) + Double(positives - 1) * first + Double(negatives - 1) * second
      let variance = max(0, sum / (Double(positives) * Double(negatives)))
      return abs(area - other) <= z * variance.squareRoot()
    }
    func bound(from impossible: Double) -> Double {
      // An end of the range is possible only by its variance of 0 when it is the observed area itself.
      if area == impossible { return impossible }
      var (outside, inside) = (impossible, area)
      for _ in 0..<60 {
        let middle = (outside + inside) / 2
        if isPossible(middle) { inside = middle } else { outside = middle }
      }
      return inside
    }
    return bound(from: 0)...bound(from: 1)
  }
}
