/// One class's scores on a whole data set, sorted once, from which every threshold-free figure follows in one pass.
///
/// Items of equal score form one step: no threshold can tell them apart, so every figure moves over them together, as in
/// scikit-learn. Every figure also takes a weight per item, so that a bootstrap resample is a vector of multiplicities and
/// never a second sort. A figure that has no value (no positives, or no negatives where they are needed) is nil, never 0.
public struct RankedScores: Sendable {
  /// Number of items.
  public var count: Int { order.count }

  /// The items by falling score.
  private let order: [Int]
  private let scores: [Double]
  private let isPositive: [Bool]
  /// Whether the item at this rank is the last of its score.
  private let endsStep: [Bool]

  /// - Parameters:
  ///   - scores: one score per item; higher means more likely positive. Any finite numbers, not only probabilities.
  ///   - positives: whether each item truly belongs to the class.
  /// - Throws: `InvalidScores` when a score is not finite.
  public init(scores: [Double], positives: [Bool]) throws {
    precondition(
      scores.count == positives.count, "each of \(scores.count) scores needs a truth, got \(positives.count)")
    if let index = scores.firstIndex(where: { !$0.isFinite }) { throw InvalidScores(index: index) }
    let order = scores.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
    let ranked = order.map { scores[$0] }
    self.order = order
    self.scores = ranked
    isPositive = order.map { positives[$0] }
    endsStep = ranked.indices.map { $0 == ranked.count - 1 || ranked[$0 + 1] != ranked[$0] }
  }

  // MARK: Figures

  /// Average precision, Σₖ (Rₖ − Rₖ₋₁) Pₖ over falling thresholds: step-wise, without interpolation, as scikit-learn's
  /// `average_precision_score`. Nil without positives.
  public func averagePrecision(weights: [Double]? = nil) -> Double? {
    figures(weights: weights).averagePrecision
  }

  /// Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties counting
  /// one half. Nil without positives or without negatives.
  public func areaUnderROC(weights: [Double]? = nil) -> Double? {
    figures(weights: weights).areaUnderROC
  }

  /// The highest recall that any threshold reaches while at most `rate` of the negatives are called positive.
  ///
  /// No point between two thresholds is interpolated. Nil without positives or without negatives.
  public func recall(atFalsePositiveRate rate: Double, weights: [Double]? = nil) -> Double? {
    figures(falsePositiveRate: rate, weights: weights).recallAtFalsePositiveRate
  }

  /// F1 = 2TP / (2TP + FP + FN) when every score at or above `threshold` is called positive. Nil without positives.
  public func f1(threshold: Double, weights: [Double]? = nil) -> Double? {
    figures(threshold: threshold, weights: weights).f1
  }

  /// All figures of one weighting, which costs little more than one of them.
  ///
  /// - Parameters:
  ///   - threshold: where F1 is taken; without it, F1 is nil.
  ///   - rate: the false-positive rate allowed, in 0...1.
  ///   - weights: a weight of at least 0 per item, in the order of the initialiser; nil means 1 each.
  ///   - cost: at which threshold `costSaved` is taken, and how many false alarms a missed positive costs.
  public func figures(
    threshold: Double? = nil, falsePositiveRate rate: Double = 0.05, cost: (threshold: Double, ofMiss: Double)? = nil,
    weights: [Double]? = nil
  ) -> ScoreFigures {
    precondition((0...1).contains(rate), "a false-positive rate lies in 0...1, got \(rate)")
    precondition(weights.map { $0.count == count } ?? true, "\(count) items need as many weights")
    let (positives, negatives) = totals(weights)
    guard positives > 0 else { return ScoreFigures() }
    // Sums of weights are exact for multiplicities; the slack only serves fractional weights.
    let allowed = rate * negatives + 1e-9 * negatives
    var hits = 0.0, alarms = 0.0
    var hitsBefore = 0.0, alarmsBefore = 0.0
    var precisionSum = 0.0, area = 0.0, recallAtRate = 0.0
    var hitsAtThreshold = 0.0, alarmsAtThreshold = 0.0
    var saved = 0.0
    for rank in order.indices {
      let weight = weights.map { $0[order[rank]] } ?? 1
      if isPositive[rank] { hits += weight } else { alarms += weight }
      guard endsStep[rank] else { continue }
      if hits > hitsBefore { precisionSum += (hits - hitsBefore) * hits / (hits + alarms) }
      area += (alarms - alarmsBefore) * (hits + hitsBefore) / 2
      if alarms <= allowed { recallAtRate = hits }
      if let threshold, scores[rank] >= threshold { (hitsAtThreshold, alarmsAtThreshold) = (hits, alarms) }
      if let cost, scores[rank] >= cost.threshold { saved = (cost.ofMiss * hits - alarms) / (cost.ofMiss * positives) }
      (hitsBefore, alarmsBefore) = (hits, alarms)
    }
    return ScoreFigures(
      averagePrecision: precisionSum / positives,
      areaUnderROC: negatives > 0 ? area / (positives * negatives) : nil,
      recallAtFalsePositiveRate: negatives > 0 ? recallAtRate / positives : nil,
      f1: threshold == nil ? nil : 2 * hitsAtThreshold / (hitsAtThreshold + alarmsAtThreshold + positives),
      costSaved: cost == nil ? nil : saved)
  }

  /// The threshold whose F1 is highest, and that F1: to be chosen on a validation set, then used on the test set.
  ///
  /// Only scores that occur are tried; of several equally good ones the highest is taken, which raises the fewest alarms.
  /// Nil without positives.
  public func thresholdMaximizingF1() -> (threshold: Double, f1: Double)? {
    let (positives, _) = totals(nil)
    guard positives > 0 else { return nil }
    var best: (threshold: Double, f1: Double)?
    var found = 0.0
    for rank in order.indices {
      if isPositive[rank] { found += 1 }
      guard endsStep[rank] else { continue }
      let f1 = 2 * found / (Double(rank + 1) + positives)
      if best.map({ f1 > $0.f1 }) ?? true { best = (scores[rank], f1) }
    }
    return best
  }

  /// The threshold that saves most of the cost of calling nothing positive, where a missed positive costs so many false alarms:
  /// to be chosen on a validation set. Infinite where calling nothing is cheapest; nil without positives.
  public func thresholdMinimizingCost(ofMiss: Double) -> Double? {
    guard totals(nil).positives > 0 else { return nil }
    var best = (threshold: Double.infinity, saved: 0.0)
    for step in steps() where ofMiss * step.positives - step.negatives > best.saved {
      best = (step.score, ofMiss * step.positives - step.negatives)
    }
    return best.threshold
  }

  // MARK: Curves

  /// Precision and recall at every threshold, from the highest down. Empty without positives.
  public func precisionRecallCurve() -> [PrecisionRecallPoint] {
    let (positives, _) = totals(nil)
    guard positives > 0 else { return [] }
    return steps().map {
      PrecisionRecallPoint(
        threshold: $0.score, precision: $0.positives / ($0.positives + $0.negatives), recall: $0.positives / positives)
    }
  }

  /// The receiver operating characteristic at every threshold, from the highest down, begun at (0, 0). Empty without
  /// positives or without negatives.
  public func rocCurve() -> [ROCPoint] {
    let (positives, negatives) = totals(nil)
    guard positives > 0, negatives > 0 else { return [] }
    return [ROCPoint(threshold: .infinity, falsePositiveRate: 0, recall: 0)]
      + steps().map {
        ROCPoint(
          threshold: $0.score, falsePositiveRate: $0.negatives / negatives, recall: $0.positives / positives)
      }
  }

  /// Weight of all positives and of all negatives.
  private func totals(_ weights: [Double]?) -> (positives: Double, negatives: Double) {
    var positives = 0.0, negatives = 0.0
    for rank in order.indices {
      let weight = weights.map { $0[order[rank]] } ?? 1
      if isPositive[rank] { positives += weight } else { negatives += weight }
    }
    return (positives, negatives)
  }

  /// How many positives and negatives lie at or above each distinct score.
  private func steps() -> [(score: Double, positives: Double, negatives: Double)] {
    var result: [(score: Double, positives: Double, negatives: Double)] = []
    var positives = 0.0, negatives = 0.0
    for rank in order.indices {
      if isPositive[rank] { positives += 1 } else { negatives += 1 }
      if endsStep[rank] { result.append((scores[rank], positives, negatives)) }
    }
    return result
  }
}

/// The figures of one class on one weighting of a data set; nil where there is no such figure.
public struct ScoreFigures: Equatable, Sendable {
  /// In 0...1; the share of positives is what chance reaches.
  public var averagePrecision: Double?
  /// In 0...1; 0.5 is what chance reaches.
  public var areaUnderROC: Double?
  /// In 0...1.
  public var recallAtFalsePositiveRate: Double?
  /// In 0...1.
  public var f1: Double?
  /// 1 − (c·missed + false alarms) / (c·positives), at most 1; below 0 where calling nothing positive would be cheaper.
  public var costSaved: Double?

  public init(
    averagePrecision: Double? = nil, areaUnderROC: Double? = nil, recallAtFalsePositiveRate: Double? = nil,
    f1: Double? = nil, costSaved: Double? = nil
  ) {
    self.averagePrecision = averagePrecision
    self.areaUnderROC = areaUnderROC
    self.recallAtFalsePositiveRate = recallAtFalsePositiveRate
    self.f1 = f1
    self.costSaved = costSaved
  }
}

/// One threshold on a precision-recall curve.
public struct PrecisionRecallPoint: Equatable, Sendable {
  /// Scores at or above it are called positive.
  public var threshold: Double
  public var precision: Double
  public var recall: Double
}

/// One threshold on a receiver operating characteristic.
public struct ROCPoint: Equatable, Sendable {
  /// Scores at or above it are called positive; infinity where nothing is.
  public var threshold: Double
  public var falsePositiveRate: Double
  public var recall: Double
}
