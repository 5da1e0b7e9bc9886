import Datasets
import Metrics
import Runs

/// Collects what is counted of each image, until the whole set has been seen.
struct SegmenterTally {
  private let classNames: [String]
  private var counts: SegmentationCounts
  private var pixels: [BinnedScores]
  private var bySize: [RecallBySize]
  /// Image by image: the scores, and which classes it shows.
  private var scores: [[Double]] = []
  private var shows: [Set<Int>] = []
  private var unmapped = 0

  init(classNames: [String]) {
    self.classNames = classNames
    counts = SegmentationCounts(classes: classNames.count)
    pixels = Array(repeating: BinnedScores(), count: classNames.count)
    bySize = Array(repeating: RecallBySize(), count: classNames.count)
  }

  mutating func add(_ item: LabelledImages.Item, _ answer: TrainedSegmenter.Answer) throws {
    scores.append(answer.scores)
    shows.append(Set(item.regions.map(\.label) + (item.label == 0 ? [] : [item.label])))
    guard item.isMapped else {
      unmapped += 1
      return
    }
    let truth = item.labelMap()
    counts.add(truth: truth, called: answer.labels)
    for label in classNames.indices.dropFirst() {
      let isTrue = truth.map { $0 == label }
      // Sums of a softmax may exceed 1 by a rounding.
      try pixels[label].add(answer.planes[label].map { min($0, 1) }, positives: isTrue)
      guard isTrue.contains(true) else { continue }
      let defects = try ClassPixels.defects(
        isTrue, called: answer.labels.map { $0 == label }, width: item.image.width, height: item.image.height)
      for defect in defects { bySize[label].add(area: defect.area, isFound: defect.isFound) }
    }
  }

  func figures() throws -> SegmenterFigures {
    let defects = try classNames.indices.dropFirst().map { label in
      let pooled = counts.pooled[label]
      let ranked = try ranked(label) { $0.contains(label) }
      return SegmenterFigures.Defect(
        name: classNames[label], images: shows.count { $0.contains(label) }, dice: pooled.dice,
        intersectionOverUnion: pooled.intersectionOverUnion, precision: pooled.precision, recall: pooled.recall,
        meanDice: counts.meanDice(of: label), meanIntersectionOverUnion: counts.meanIntersectionOverUnion(of: label),
        pixelAveragePrecision: pixels[label].averagePrecision, averagePrecision: ranked.averagePrecision,
        areaUnderROC: ranked.areaUnderROC,
        bySize: bySize[label].stretches().map {
          .init(smallest: $0.areas.lowerBound, largest: $0.areas.upperBound, count: $0.count, found: $0.found)
        })
    }
    let any = try ranked(0) { !$0.isEmpty }
    return SegmenterFigures(
      images: scores.count, clean: shows.count(where: \.isEmpty), unmapped: unmapped, defects: defects,
      averagePrecision: any.averagePrecision, areaUnderROC: any.areaUnderROC)
  }

  private func ranked(_ label: Int, _ isPositive: (Set<Int>) -> Bool) throws -> ScoreFigures {
    try RankedScores(scores: scores.map { $0[label] }, positives: shows.map(isPositive)).figures()
  }
}
