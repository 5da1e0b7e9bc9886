import Foundation
import Runs

/// The charts of a study's page.
struct StudyCharts {
  private let results: StudyResults

  init(_ results: StudyResults) { self.results = results }

  var all: [Chart] {
    [differences, arms, composition] + precisionRecall
      + [loss, StudyCurveSection(results: results).chart].compactMap { $0 }
  }

  /// Every arm keeps its colour throughout the page.
  private func color(of arm: String) -> Int { results.arms.firstIndex { $0.name == arm } ?? 0 }

  private func title(of arm: String) -> String { results.arm(named: arm)?.title ?? arm }

  var differences: Chart {
    let rows = results.differences.filter {
      $0.against == results.verdict.against && $0.figure == results.primaryFigure && $0.scope == .mean
    }
    let series = rows.map { row in
      Chart.Series(
        name: title(of: row.arm), color: color(of: row.arm), points: points(row.value, row.interval))
    }
    return Chart(
      id: "chart-differences", kind: .forest,
      description: "Difference of each arm to \(title(of: results.verdict.against))",
      xTitle: "difference in \(results.primaryFigure.inWords)", series: series,
      marks: [
        Chart.Mark(name: "no difference", at: 0, solid: true),
        Chart.Mark(name: "smallest difference that matters", at: results.smallestEffect, solid: false),
      ], height: 90 + 42 * max(1, series.count))
  }

  var arms: Chart {
    let series = results.arms.compactMap { arm -> Chart.Series? in
      guard let figure = arm.figure(results.primaryFigure, .mean), let value = figure.value else { return nil }
      return Chart.Series(name: arm.title, color: color(of: arm.name), points: points(value, figure.interval))
    }
    return Chart(
      id: "chart-arms", kind: .forest, description: "\(results.primaryFigure.title) of each arm with its interval",
      xTitle: results.primaryFigure.inWords, series: series, height: 90 + 42 * max(1, series.count))
  }

  private func points(_ value: Double, _ interval: Interval?) -> [[Double?]] {
    interval.map { [[$0.lower], [value], [$0.upper]] } ?? [[value]]
  }

  var precisionRecall: [Chart] {
    var scopes: [FigureScope] = []
    for record in results.precisionRecall where !scopes.contains(record.scope) { scopes.append(record.scope) }
    return scopes.enumerated().map { index, scope in
      Chart(
        id: "chart-precision-\(index)", kind: .lines, description: "Precision over recall: \(scope.title)",
        xTitle: "recall", yTitle: "precision",
        series: results.precisionRecall.filter { $0.scope == scope }.map { record in
          Chart.Series(
            name: title(of: record.arm), color: color(of: record.arm),
            points: zip(record.recall, record.precision).map { [$0, $1] }, wide: record.arm == results.verdict.arm)
        }, xMin: 0, xMax: 1, yMin: 0, yMax: 1, height: 340)
    }
  }

  /// Nil where no cell has kept its losses.
  var loss: Chart? {
    let series = results.loss.filter { !$0.points.isEmpty }.map { record in
      Chart.Series(
        name: title(of: record.arm), color: color(of: record.arm),
        points: Thinned.points(record.points.map { (Double($0.step), $0.loss) }, to: 300))
    }
    guard !series.isEmpty else { return nil }
    return Chart(
      id: "chart-loss", kind: .lines, description: "Training loss over the steps", xTitle: "optimizer step",
      yTitle: "loss", series: series, xMin: 0, yFromZero: true, height: 320)
  }

  /// Clean images outnumber the rest so far that beside them nothing else could be seen.
  var composition: Chart {
    var series: [Chart.Series] = []
    for (index, label) in results.classes.enumerated().dropFirst() {
      for origin in [TrainingCount.Origin.real, .synthetic] {
        let counts = results.arms.map { arm in
          arm.trainingImages.reduce(0) { $0 + ($1.label == label && $1.origin == origin ? $1.count : 0) }
        }
        guard counts.contains(where: { $0 > 0 }) else { continue }
        series.append(
          Chart.Series(
            name: "\(label), \(origin.rawValue)", color: origin == .real ? 2 * (index - 1) : 2 * (index - 1) + 1,
            points: counts.map { [Double($0)] }))
      }
    }
    return Chart(
      id: "chart-composition", kind: .stack, description: "Training images of the defect classes by arm",
      xTitle: "training images", labels: results.arms.map(\.title), series: series,
      height: 110 + 34 * results.arms.count)
  }

  /// `0.95` as `95`, `0.999` as `99.9`.
  static func percent(_ share: Double) -> String {
    let value = (share * 10_000).rounded() / 100
    return value == value.rounded() ? String(format: "%.0f", value) : "\(value)"
  }
}
