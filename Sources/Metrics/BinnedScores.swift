/// Scores in 0 ... 1 of more items than can be kept and ranked, such as all pixels of a set: counted in equal bins.
///
/// The items of a bin form one step, as equal scores do in `RankedScores`; scores that lie at least a bin apart are told apart
/// exactly as there.
public struct BinnedScores: Equatable, Sendable {
  private var positives: [Int]
  private var negatives: [Int]

  public init(bins: Int = 4096) {
    precondition(bins > 0, "scores are counted in bins")
    positives = Array(repeating: 0, count: bins)
    negatives = positives
  }

  /// - Throws: `InvalidScores` for a score that is not within 0 ... 1, and then nothing is added.
  public mutating func add(_ scores: [Float], positives isPositive: [Bool]) throws {
    precondition(
      scores.count == isPositive.count, "\(scores.count) scores need as many truths, got \(isPositive.count)")
    if let index = scores.firstIndex(where: { !(0...1).contains($0) }) { throw InvalidScores(index: index) }
    let last = positives.count - 1
    for (score, isPositive) in zip(scores, isPositive) {
      let bin = min(last, Int(score * Float(positives.count)))
      if isPositive { positives[bin] += 1 } else { negatives[bin] += 1 }
    }
  }

  /// Average precision, as `RankedScores` has it; nil without positives.
  public var averagePrecision: Double? {
    let total = positives.reduce(0, +)
    guard total > 0 else { return nil }
    var (hits, alarms, sum) = (0, 0, 0.0)
    for bin in positives.indices.reversed() {
      hits += positives[bin]
      alarms += negatives[bin]
      if positives[bin] > 0 { sum += Double(positives[bin]) * Double(hits) / Double(hits + alarms) }
    }
    return sum / Double(total)
  }
}
