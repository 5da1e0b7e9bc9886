import Foundation

/// Quantiles of the two distributions that the intervals need, and of samples.
public enum Quantiles {
  /// The standard normal's quantile, for `probability` in (0, 1). Accurate to about 1e-12.
  public static func normal(_ probability: Double) -> Double {
    precondition(probability > 0 && probability < 1, "a quantile needs a probability in (0, 1), got \(probability)")
    return solve(probability) { 0.5 * erfc(-$0 / 2.0.squareRoot()) }
  }

  /// Student's t's quantile. Degrees of freedom at least 1.
  public static func studentT(_ probability: Double, degreesOfFreedom: Int) -> Double {
    precondition(probability > 0 && probability < 1, "a quantile needs a probability in (0, 1), got \(probability)")
    precondition(degreesOfFreedom >= 1, "Student's t needs a degree of freedom, got \(degreesOfFreedom)")
    let freedom = Double(degreesOfFreedom)
    return solve(probability) { t in
      let within = 0.5 * incompleteBeta(t * t / (freedom + t * t), 0.5, freedom / 2)
      return t > 0 ? 0.5 + within : 0.5 - within
    }
  }

  /// The quantile of values sorted upwards, linear between neighbours (Hyndman and Fan's type 7, NumPy's default).
  public static func sample(_ sorted: [Double], _ probability: Double) -> Double {
    precondition(!sorted.isEmpty, "an empty sample has no quantiles")
    let position = probability * Double(sorted.count - 1)
    let below = min(max(Int(position), 0), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
  }

  /// Where a rising distribution function reaches a probability, by bisection within ±1e6.
  private static func solve(_ probability: Double, _ distribution: (Double) -> Double) -> Double {
    var low = -1.0, high = 1.0
    while distribution(low) > probability, low > -1e6 { low *= 2 }
    while distribution(high) < probability, high < 1e6 { high *= 2 }
    for _ in 0..<200 {
      let middle = (low + high) / 2
      if middle == low || middle == high { break }
      if distribution(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// The regularised incomplete beta function Iₓ(a, b), by its continued fraction (modified Lentz).
  private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast below this point; above it, the symmetry Iₓ(a, b) = 1 − I₁₋ₓ(b, a) leads there.
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let gammas: Double = lgamma(a + b) - lgamma(a) - lgamma(b)
    let powers: Double = a * log(x) + b * log(1 - x)
    let front: Double = exp(gammas + powers) / a
    func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
    var c = 1.0
    var d: Double = 1 / away(1 - (a + b) * x / (a + 1))
    var fraction: Double = d
    for index in 1...500 {
      let m = Double(index)
      let place: Double = a + 2 * m
      let even: Double = m * (b - m) * x / ((place - 1) * place)
      d = 1 / away(1 + even * d)
      c = away(1 + even / c)
      fraction *= d * c
      let odd: Double = -(a + m) * (a + b + m) * x / (place * (place + 1))
      d = 1 / away(1 + odd * d)
      c = away(1 + odd / c)
      fraction *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return front * fraction
  }
}
