import Metrics
import Testing

struct SegmentationMetricsTests {
  @Test func figuresOfHandCountedPixels() {
    let counts = PixelCounts(both: 3, calledOnly: 1, trueOnly: 2)
    #expect(counts.dice == 6.0 / 9 && counts.intersectionOverUnion == 0.5)
    #expect(counts.precision == 0.75 && counts.recall == 0.6)
    let none = PixelCounts()
    #expect(none.dice == nil && none.intersectionOverUnion == nil && none.precision == nil && none.recall == nil)
    #expect(PixelCounts(calledOnly: 4).dice == 0 && PixelCounts(calledOnly: 4).recall == nil)
  }

  /// Three images of four pixels: one shows class 1 and half of it is found, one class 2 with a false pixel of 1, one nothing.
  @Test func aSetIsPooledOverItsPixels() {
    var counts = SegmentationCounts(classes: 4)
    counts.add(truth: [0, 1, 1, 0], called: [0, 1, 0, 0])
    counts.add(truth: [2, 2, 2, 0], called: [2, 2, 2, 1])
    counts.add(truth: [0, 0, 0, 0], called: [0, 0, 0, 0])
    #expect(counts.pooled[1] == PixelCounts(both: 1, calledOnly: 1, trueOnly: 1))
    #expect(counts.pooled[2] == PixelCounts(both: 3))
    #expect(counts.pooled[0] == PixelCounts(both: 6, calledOnly: 1, trueOnly: 1))
    #expect(counts.pooled[1].dice == 0.5, "pooled: the false pixel of another image counts")
    #expect(counts.meanDice(of: 1) == 2.0 / 3, "the mean is of the one image that shows it")
    #expect(counts.meanIntersectionOverUnion(of: 1) == 0.5)
    #expect(counts.meanDice(of: 2) == 1 && counts.meanDice(of: 3) == nil)
    #expect((0..<4).map(counts.images(showing:)) == [3, 1, 1, 0])
  }

  /// As ranked, where scores are apart.
  @Test func binsRankAsScoresDo() throws {
    let scores: [Float] = [0.9, 0.8, 0.8, 0.3, 0.1, 0, 1]
    let truths = [true, false, true, true, false, false, false]
    var binned = BinnedScores(bins: 100)
    // In two parts: the set counts, not the batch.
    try binned.add(Array(scores[..<3]), positives: Array(truths[..<3]))
    try binned.add(Array(scores[3...]), positives: Array(truths[3...]))
    let ranked = try RankedScores(scores: scores.map(Double.init), positives: truths)
    let found: Double = try #require(binned.averagePrecision)
    let expected: Double = try #require(ranked.averagePrecision())
    #expect(abs(found - expected) < 1e-12)
    // 1/2 at 0.9, 2/4 at 0.8, 3/5 at 0.3.
    let byHand: Double = 1.6 / 3
    #expect(abs(found - byHand) < 1e-12)
    #expect(BinnedScores().averagePrecision == nil)
    let before = binned
    #expect(throws: InvalidScores.self) { try binned.add([0.5, .nan], positives: [true, true]) }
    #expect(throws: InvalidScores.self) { try binned.add([1.5], positives: [true]) }
    #expect(binned == before)
  }

  @Test func defectsAreCountedBySize() {
    var recall = RecallBySize()
    #expect(recall.stretches().isEmpty && recall.all == nil)
    for (area, isFound) in [(50, true), (4, false), (9, true), (4, true), (20, false), (90, true)] {
      recall.add(area: area, isFound: isFound)
    }
    let thirds = recall.stretches()
    #expect(thirds.map(\.areas) == [4...4, 9...20, 50...90])
    #expect(thirds.map(\.recall) == [0.5, 0.5, 1] && thirds.map(\.count) == [2, 2, 2])
    #expect(recall.all?.found == 4 && recall.all?.areas == 4...90)
    // Equal sizes are not torn apart.
    var same = RecallBySize()
    for index in 0..<5 { same.add(area: 7, isFound: index == 0) }
    same.add(area: 8, isFound: true)
    #expect(same.stretches().map(\.areas) == [7...7, 8...8])
    #expect(same.stretches().map(\.count) == [5, 1])
  }
}
