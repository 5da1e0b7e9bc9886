import Metrics

/// What a network thinks of the real training images of one class.
public struct OpinionRange: Equatable, Sendable {
  /// The lowest decile: one real image in ten is less sure.
  let least: Double
  let median: Double

  private static let share = 0.1

  /// - Parameter scores: of the real images, at least one.
  init(_ scores: [Double]) {
    let sorted = scores.sorted()
    least = Quantiles.sample(sorted, Self.share)
    median = Quantiles.sample(sorted, 0.5)
  }

  /// Why an image is refused; nil where it is not.
  func reason(against score: Double, by judge: String) -> String? {
    guard score < least else { return nil }
    return "\(judge) \(GateText.number(score)), nine of ten real images have at least \(GateText.number(least))"
  }
}
