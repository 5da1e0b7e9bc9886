import Metrics
import Runs

/// Tells two sides of a data set apart by simple measures of whole images, and by each measure alone.
struct ShortcutProbe {
  let kind: String
  /// What the first and the second side are called.
  let sides: [String]
  /// Positions of images in the survey.
  let images: [[Int]]

  static let folds = 5
  /// Of each side; fewer say nothing.
  static let fewestImages = 10
  static let fewestGroups = 5
  private static let confidence = 0.95

  /// A finished probe with the measure that tells most on its own.
  struct Outcome {
    let probe: ShortcutProbe
    let record: InspectionRecord.Probe
    let best: ImageMeasure?
  }

  func run(_ survey: Survey, seed: UInt64) -> Outcome {
    let looks = images.map { side in side.compactMap { index in survey.facts(index).map { (index, $0.measures) } } }
    let groups = looks.map { side in side.map { survey.images[$0.0].group } }
    let counts = looks.map(\.count), groupCounts = groups.map { Set($0).count }
    func record(_ notDone: String = "") -> InspectionRecord.Probe {
      InspectionRecord.Probe(kind: kind, sides: sides, images: counts, groups: groupCounts, notDone: notDone)
    }
    for side in 0..<2 {
      if counts[side] < Self.fewestImages || groupCounts[side] < Self.fewestGroups {
        let reason =
          "\(sides[side]): \(counts[side]) images of \(groupCounts[side]) groups; it takes "
          + "\(Self.fewestImages) of \(Self.fewestGroups)"
        return Outcome(probe: self, record: record(reason), best: nil)
      }
    }
    let isSecond = looks.enumerated().flatMap { side, members in members.map { _ in side == 1 } }
    let rows = looks.joined().map(\.1.all)
    let area = area(rows: rows, isSecond: isSecond, groups: Array(groups.joined()), seed: seed)
    let features = features(rows: rows, isSecond: isSecond, groupCounts)
    var result = record()
    result.area = area.flatMap { interval($0, groupCounts, confidence: Self.confidence) }
    result.features = features.prefix(6).map(\.record)
    return Outcome(probe: self, record: result, best: features.first?.measure)
  }

  /// Of images in groups that the regression did not see: each fold's area weighs as many pairs as it has, so scores of two
  /// regressions are never compared. nil where no fold has both sides.
  private func area(rows: [[Double]], isSecond: [Bool], groups: [String], seed: UInt64) -> Double? {
    let folds = GroupFolds(groups: groups, isPositive: isSecond, count: Self.folds, seed: seed).folds
    let parts = parallelMap(count: Self.folds) { fold -> (area: Double, pairs: Double)? in
      let seen = rows.indices.filter { folds[$0] != fold }, tested = rows.indices.filter { folds[$0] == fold }
      let positives = tested.count { isSecond[$0] }
      guard positives > 0, positives < tested.count, seen.contains(where: { isSecond[$0] }),
        seen.contains(where: { !isSecond[$0] })
      else { return nil }
      let model = LogisticRegression(rows: seen.map { rows[$0] }, isPositive: seen.map { isSecond[$0] })
      let scores = tested.map { model.score(rows[$0]) }
      guard let area = Self.area(scores, tested.map { isSecond[$0] }) else { return nil }
      return (area, Double(positives * (tested.count - positives)))
    }.compactMap { $0 }
    let pairs = parts.reduce(0) { $0 + $1.pairs }
    return pairs > 0 ? parts.reduce(0) { $0 + $1.area * $1.pairs } / pairs : nil
  }

  private static func area(_ scores: [Double], _ positives: [Bool]) -> Double? {
    (try? RankedScores(scores: scores, positives: positives))?.areaUnderROC()
  }

  /// What each measure tells alone, the most telling first.
  private func features(
    rows: [[Double]], isSecond: [Bool], _ groups: [Int]
  ) -> [(measure: ImageMeasure, record: InspectionRecord.Probe.Feature)] {
    // The best of many is picked, so each interval is as wide as that takes (Bonferroni).
    let confidence = 1 - (1 - Self.confidence) / Double(ImageMeasure.allCases.count)
    let found = ImageMeasure.allCases.compactMap {
      measure -> (measure: ImageMeasure, record: InspectionRecord.Probe.Feature)? in
      let values = rows.map { $0[measure.rawValue] }
      guard let raw = Self.area(values, isSecond),
        let area = interval(max(raw, 1 - raw), groups, confidence: confidence)
      else { return nil }
      let medians = [false, true].map { side in
        InspectionRecord.Spread(zip(values, isSecond).filter { $0.1 == side }.map(\.0))?.median ?? 0
      }
      return (
        measure,
        .init(
          measure: measure.title, unit: measure.unit, isOfStorage: measure.isOfStorage, area: area, medians: medians)
      )
    }
    return found.sorted {
      ($1.record.area.value, $0.measure.rawValue) < ($0.record.area.value, $1.measure.rawValue)
    }
  }

  private func interval(_ area: Double, _ groups: [Int], confidence: Double) -> InspectionRecord.Probe.Area? {
    AreaInterval.score(area: area, positives: groups[1], negatives: groups[0], confidence: confidence).map {
      InspectionRecord.Probe.Area(value: area, low: $0.lowerBound, high: $0.upperBound)
    }
  }
}
