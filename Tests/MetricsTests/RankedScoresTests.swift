import Foundation
import Metrics
import Testing

struct RankedScoresTests {
  let tolerance = 1e-12

  private func isClose(_ first: Double?, _ second: Double) -> Bool {
    first.map { abs($0 - second) <= tolerance } ?? false
  }

  @Test func theGoldensAreThere() throws {
    #expect(try ScoreGoldens.load().cases.count == 11)
  }

  @Test(arguments: ScoreGoldens.cases)
  func agreesWithScikitLearn(golden: ScoreGoldens.Case) throws {
    let ranked = try RankedScores(scores: golden.scores, positives: golden.positives)
    #expect(isClose(ranked.averagePrecision(weights: golden.weights), golden.averagePrecision))
    #expect(isClose(ranked.areaUnderROC(weights: golden.weights), golden.areaUnderROC))
    #expect(isClose(ranked.recall(atFalsePositiveRate: 0.1, weights: golden.weights), golden.recallAtTenPercent))
    #expect(isClose(ranked.f1(threshold: golden.threshold, weights: golden.weights), golden.f1))
  }

  @Test(arguments: ScoreGoldens.cases)
  func drawsTheCurvesOfScikitLearn(golden: ScoreGoldens.Case) throws {
    let ranked = try RankedScores(scores: golden.scores, positives: golden.positives)
    let best = try #require(ranked.thresholdMaximizingF1())
    #expect(isClose(best.f1, golden.bestF1))
    #expect(best.threshold == golden.bestThreshold)
    let curve = ranked.precisionRecallCurve()
    try #require(curve.count == golden.curveRecall.count)
    for (index, point) in curve.enumerated() {
      #expect(isClose(point.precision, golden.curvePrecision[index]))
      #expect(isClose(point.recall, golden.curveRecall[index]))
      #expect(point.threshold == golden.curveThresholds[index])
    }
    guard let rates = golden.rocFalsePositiveRate, let recalls = golden.rocRecall else { return }
    let roc = ranked.rocCurve()
    try #require(roc.count == rates.count)
    for (index, point) in roc.enumerated() {
      #expect(isClose(point.falsePositiveRate, rates[index]))
      #expect(isClose(point.recall, recalls[index]))
    }
  }

  /// A multiplicity is the item written down that many times.
  @Test func aWeightOfTwoIsTheItemTwice() throws {
    let scores = [0.9, 0.8, 0.8, 0.6, 0.3, 0.2], positives = [true, false, true, false, true, false]
    let weights = [2.0, 1, 0, 3, 1, 2]
    let weighted = try RankedScores(scores: scores, positives: positives)
    let repeated = weights.enumerated().flatMap { Array(repeating: $0.offset, count: Int($0.element)) }
    let written = try RankedScores(scores: repeated.map { scores[$0] }, positives: repeated.map { positives[$0] })
    #expect(
      weighted.figures(threshold: 0.5, falsePositiveRate: 0.2, weights: weights)
        == written.figures(threshold: 0.5, falsePositiveRate: 0.2))
  }

  @Test func whatIsUndefinedIsNil() throws {
    let noPositives = try RankedScores(scores: [0.1, 0.2], positives: [false, false])
    #expect(noPositives.figures(threshold: 0.5) == ScoreFigures())
    #expect(noPositives.thresholdMaximizingF1() == nil)
    #expect(noPositives.precisionRecallCurve().isEmpty && noPositives.rocCurve().isEmpty)
    let noNegatives = try RankedScores(scores: [0.1, 0.2], positives: [true, true])
    #expect(noNegatives.averagePrecision() == 1)
    #expect(noNegatives.areaUnderROC() == nil)
    #expect(noNegatives.recall(atFalsePositiveRate: 0.1) == nil)
    let weightedAway = try RankedScores(scores: [0.1, 0.2], positives: [true, false])
    #expect(weightedAway.averagePrecision(weights: [0, 1]) == nil)
    #expect(try RankedScores(scores: [], positives: []).averagePrecision() == nil)
  }

  /// The allowed false-alarm rate is reached, never passed: with 20 negatives and 5 %, exactly one alarm is allowed.
  @Test func theFalseAlarmRateIsALimit() throws {
    let negatives = (0..<20).map { 0.99 - Double($0) * 0.04 }
    let ranked = try RankedScores(
      scores: negatives + [1.0, 0.97, 0.94], positives: negatives.map { _ in false } + [true, true, true])
    #expect(ranked.recall(atFalsePositiveRate: 0.05) == 2.0 / 3)
    #expect(ranked.recall(atFalsePositiveRate: 0.0499) == 1.0 / 3)
    #expect(ranked.recall(atFalsePositiveRate: 0.1) == 1)
  }

  @Test(arguments: [Double.nan, .infinity])
  func refusesWhatHasNoOrder(value: Double) {
    #expect(throws: InvalidScores.self) { try RankedScores(scores: [0.1, value], positives: [true, false]) }
  }

  @Test func countsTheConfusionMatrix() throws {
    let matrix = ConfusionMatrix(
      scores: [[0.8, 0.2, 0], [0.4, 0.4, 0.2], [0.1, 0.7, 0.2], [0.2, 0.5, 0.3]], truths: [0, 1, 1, 2], classes: 3)
    #expect(matrix.counts == [[1, 0, 0], [1, 1, 0], [0, 1, 0]])
    #expect(matrix.accuracy == 0.5)
    #expect(matrix.recall(of: 1) == 0.5)
    #expect(matrix.precision(of: 1) == 0.5)
    #expect(matrix.precision(of: 2) == nil)
    #expect(ConfusionMatrix(classes: 2).accuracy == nil)
  }

  /// Four positives of eight, a miss costs three alarms; by hand.
  @Test func costsAreWeighed() throws {
    let ranked = try RankedScores(
      scores: [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2], positives: [true, false, true, false, false, true, false, true])
    // Down to each score: 3, 2, 5, 4, 3, 6, 5, 8 of 12.
    #expect(ranked.thresholdMinimizingCost(ofMiss: 3) == 0.2)
    #expect(ranked.thresholdMinimizingCost(ofMiss: 1.5) == 0.7)
    func saved(_ threshold: Double, _ cost: Double, _ weights: [Double]? = nil) -> Double? {
      ranked.figures(cost: (threshold, cost), weights: weights).costSaved
    }
    #expect(saved(0.4, 3) == 6.0 / 12 && saved(0.2, 3) == 8.0 / 12)
    #expect(saved(0.8, 0.5) == -0.5 / 2 && saved(.infinity, 3) == 0)
    // The second image five times: six alarms beside two hits.
    #expect(saved(0.7, 1.5, [1, 5, 1, 1, 1, 1, 1, 1]) == (3.0 - 5) / 6)
    #expect(ranked.figures().costSaved == nil)
    let useless = try RankedScores(scores: [0.9, 0.8, 0.1], positives: [false, false, true])
    #expect(useless.thresholdMinimizingCost(ofMiss: 1) == .infinity)
    #expect(try RankedScores(scores: [1], positives: [false]).thresholdMinimizingCost(ofMiss: 1) == nil)
  }
}
