import Foundation

/// A figure over the number of images that it was learned from, between the numbers that were tried.
///
/// More images do not make a figure worse: where the values fall, neighbours take their mean (pool adjacent violators, Barlow et
/// al. 1972). Between two numbers the figure grows with the number's logarithm.
public struct LearningCurve: Equatable, Sendable {
  /// Ascending and positive.
  public let counts: [Double]
  /// Never falling.
  public let values: [Double]

  /// - Precondition: as many values as counts, at least one; counts positive and ascending.
  public init(counts: [Double], values: [Double]) {
    precondition(!counts.isEmpty && counts.count == values.count, "a curve has a value for each count")
    precondition(counts[0] > 0 && zip(counts, counts.dropFirst()).allSatisfy(<), "counts are positive and ascend")
    self.counts = counts
    var pools: [(sum: Double, size: Int)] = []
    for value in values {
      pools.append((value, 1))
      while pools.count > 1, let last = pools.last, case let before = pools[pools.count - 2],
        before.sum / Double(before.size) > last.sum / Double(last.size)
      {
        pools.removeLast(2)
        pools.append((before.sum + last.sum, before.size + last.size))
      }
    }
    self.values = pools.flatMap { [Double](repeating: $0.sum / Double($0.size), count: $0.size) }
  }

  /// The least number of images at which the curve reaches a value: the first count where even that is enough, the last where
  /// none is.
  public func count(reaching value: Double) -> Double {
    guard let place = values.firstIndex(where: { $0 >= value }) else { return counts[counts.count - 1] }
    guard place > 0 else { return counts[0] }
    let share = (value - values[place - 1]) / (values[place] - values[place - 1])
    return exp(log(counts[place - 1]) + share * (log(counts[place]) - log(counts[place - 1])))
  }
}
