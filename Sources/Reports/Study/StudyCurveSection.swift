import Runs

/// What the arms reach with fewer real defects, and what additions are worth in real ones.
struct StudyCurveSection {
  let results: StudyResults

  /// Nothing for a study without fractions.
  var chart: Chart? {
    guard let curve = results.curve, curve.count > 1 else { return nil }
    let series = arms.enumerated().map { index, arm in
      // The bands of all arms would cover each other.
      let isMain = [results.verdict.arm, results.verdict.against].contains(arm.name)
      let found = curve.compactMap { point in
        point.arms.first { $0.name == arm.name }.flatMap { found in
          found.value.map { (point.defects, $0, found.interval) }
        }
      }
      return Chart.Series(
        name: arm.title, color: index, points: found.map { [$0.0, $0.1] }, wide: arm.name == results.verdict.arm,
        band: isMain ? found.compactMap { point in point.2.map { [point.0, $0.lower, $0.upper] } } : [], marked: true)
    }
    let counts = curve.map(\.defects)
    return Chart(
      id: "chart-curve", kind: .lines, description: "\(results.primaryFigure.title) over the number of real defects",
      xTitle: "real training images with a defect", yTitle: results.primaryFigure.inWords, series: series,
      xMin: (counts.min() ?? 1) * 0.9, xMax: (counts.max() ?? 1) * 1.1, isLogarithmic: true, height: 380)
  }

  /// Those of the largest fraction, in their colours, then those that stand at smaller ones alone.
  private var arms: [(name: String, title: String)] {
    var found = results.arms.map { ($0.name, $0.title) }
    for arm in (results.curve ?? []).flatMap(\.arms) where !found.contains(where: { $0.0 == arm.name }) {
      found.append((arm.name, arm.title))
    }
    return found
  }

  func html(level: String) -> HTML {
    guard let chart, let curve = results.curve else { return .empty }
    return """
      <h2>With fewer real defects</h2>
      \(chart.figure(caption: "\(results.primaryFigure.title) over the number of real training images with a defect, on a logarithmic axis; the bands are the \(level)s of two arms."))
      \(table(curve, level))
      \(worth(level))
      """
  }

  private func table(_ curve: [FractionRecord], _ level: String) -> HTML {
    let rows = curve.map { point in
      Table.Row(
        name: "\(Table.number(point.defects, digits: 0)) (a fraction of \("\(point.fraction)"))",
        cells: arms.map { arm in
          guard let found = point.arms.first(where: { $0.name == arm.name }), let value = found.value else {
            return "–"
          }
          guard let difference = found.difference else { return "\(Table.number(value))" }
          let interval: HTML =
            found.differenceInterval.map {
              "<small>\(Table.signed(difference)) (\(Table.signed($0.lower)) to \(Table.signed($0.upper)))</small>"
            } ?? .empty
          return "\(Table.number(value))\(interval)"
        })
    }
    return Table.html(
      caption: "\(results.primaryFigure.title), and the difference to real images only with its \(level)",
      head: ["real defects"] + arms.map { "\($0.title)" }, rows: rows)
  }

  private func worth(_ level: String) -> HTML {
    guard let worth = results.worth, !worth.isEmpty else { return .empty }
    func whole(_ value: Double) -> String { Table.number(value, digits: 0) }
    let rows = worth.map { one in
      Table.Row(
        name: "\(results.arm(named: one.arm)?.title ?? one.arm)",
        cells: [
          "\(whole(one.defects))", "\(whole(one.added))", "\(one.isAtLeast ? "at least " : "")\(whole(one.worth))",
          "\(one.interval.map { "\(whole($0.lower)) to \(whole($0.upper))" } ?? "–")",
        ], isMain: one.arm == results.verdict.arm)
    }
    return Table.html(
      caption: "Worth: so many real defects more would have done as much",
      head: [
        "", "real defects", "images added", "worth in real defects", "\(level)",
      ], rows: rows)
        + """
        <p class="quiet">Read off the curve of real images only, between whose points the figure is taken to grow with the \
        logarithm of the number, and never to fall. What does no good is worth 0, and nothing is worth more than the real defects \
        that the study has.</p>
        """
  }
}
