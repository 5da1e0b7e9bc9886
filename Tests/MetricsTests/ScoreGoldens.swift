import Foundation
import Testing

/// What scikit-learn and SciPy say: `Goldens/scores.json`, written by `Goldens/scores.py`.
struct ScoreGoldens: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var scores: [Double]
    var positives: [Bool]
    var weights: [Double]?
    var averagePrecision: Double
    var areaUnderROC: Double
    var recallAtTenPercent: Double
    var threshold: Double
    var f1: Double
    var bestF1: Double
    var bestThreshold: Double
    var curvePrecision: [Double]
    var curveRecall: [Double]
    var curveThresholds: [Double]
    var rocFalsePositiveRate: [Double]?
    var rocRecall: [Double]?
    var testDescription: String { name }
  }
  struct Quantile: Decodable {
    var probability: Double
    var degrees: Int
    var t: Double
    var normal: Double
  }
  struct Sample: Decodable {
    var values: [Double]
    var quantiles: [[Double]]
  }
  var cases: [Case]
  var quantiles: [Quantile]
  var sample: Sample

  static func load() throws -> ScoreGoldens {
    let url = try #require(Bundle.module.url(forResource: "Goldens/scores", withExtension: "json"))
    return try JSONDecoder().decode(ScoreGoldens.self, from: Data(contentsOf: url))
  }

  static var cases: [Case] { (try? load().cases) ?? [] }
}
