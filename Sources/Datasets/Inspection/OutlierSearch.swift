import Foundation
import Runs

/// The images that are unlike the others in simple measures of the whole picture.
///
/// Each measure is put on one scale: its distance from the median in robust standard deviations (Iglewicz and Hoaglin 1993:
/// 1.4826 times the median distance, or 1.2533 times the mean distance where more than half of all values are the same).
struct OutlierSearch {
  private struct Scale {
    let measure: ImageMeasure
    let median: Double
    let deviation: Double

    func deviations(_ value: Double) -> Double {
      // One wild measure must not outweigh all others.
      min(OutlierSearch.most, max(-OutlierSearch.most, (value - median) / deviation))
    }
  }

  private static let most = 20.0
  private let survey: Survey
  private let scales: [Scale]

  init(_ survey: Survey) {
    self.survey = survey
    let looks = survey.readable.map(\.facts)
    scales =
      looks.isEmpty
      ? []
      : ImageMeasure.allCases.compactMap { measure in
        let values = looks.map { $0.measures[measure] }
        let median = Self.median(values)
        let distances = values.map { abs($0 - median) }
        guard let most = distances.max(), most > 0 else { return nil }
        let robust = 1.4826 * Self.median(distances)
        let deviation = robust > 0 ? robust : 1.2533 * distances.reduce(0, +) / Double(distances.count)
        return Scale(measure: measure, median: median, deviation: max(deviation, measure.resolution))
      }
  }

  /// At most `count` images, the strangest first; none that stands apart in no measure by three deviations.
  func strangest(_ count: Int) -> [InspectionRecord.Outlier] {
    guard !scales.isEmpty else { return [] }
    var found: [(index: Int, distance: Double)] = []
    for (index, facts) in survey.readable {
      let deviations = scales.map { $0.deviations(facts.measures[$0.measure]) }
      guard deviations.contains(where: { abs($0) >= 3 }) else { continue }
      found.append((index, (deviations.reduce(0) { $0 + $1 * $1 } / Double(scales.count)).squareRoot()))
    }
    found.sort { ($1.distance, $0.index) < ($0.distance, $1.index) }
    return found.prefix(max(0, count)).compactMap { index, distance in
      survey.facts(index).map { outlier(index, $0, distance) }
    }
  }

  private func outlier(_ index: Int, _ facts: ImageFacts, _ distance: Double) -> InspectionRecord.Outlier {
    let reasons = scales.map { scale in
      InspectionRecord.Outlier.Reason(
        measure: scale.measure.title, unit: scale.measure.unit, value: facts.measures[scale.measure],
        median: scale.median, deviations: scale.deviations(facts.measures[scale.measure]))
    }
    return InspectionRecord.Outlier(
      image: survey.images[index].fileName, className: survey.className(index), distance: distance,
      reasons: Array(
        reasons.filter { abs($0.deviations) >= 3 }.sorted { abs($0.deviations) > abs($1.deviations) }.prefix(3)))
  }

  private static func median(_ values: [Double]) -> Double { InspectionRecord.Spread(values)?.median ?? 0 }
}
