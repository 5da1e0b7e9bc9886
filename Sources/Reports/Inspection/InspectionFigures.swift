import Foundation
import Runs

/// Histograms and position maps of an inspection, drawn as SVG within the page.
struct InspectionFigures {
  private let record: InspectionRecord
  /// Of more classes than these, the page shows the first; the JSON has all.
  private static let mostClasses = 16

  init(_ record: InspectionRecord) { self.record = record }

  var distributions: HTML {
    guard !record.distributions.isEmpty else { return "<p>All images are alike in every measure.</p>" }
    return """
      <p class="quiet">One row for each class, over one scale; each row is as high as its fullest bin.</p>
      <div class="ridges">\(record.distributions.map(ridges))</div>
      """
  }

  private func ridges(_ distribution: InspectionRecord.Distribution) -> HTML {
    let rows = distribution.series.prefix(Self.mostClasses).map { series -> HTML in
      let median = NumberText.value(series.spread?.median, distribution.unit)
      return """
        <tr><th scope="row">\(series.name)</th><td class="plot">\(bars(series, distribution))</td><td>\(median)</td></tr>
        """
    }
    let ends = [distribution.edges.first, distribution.edges.last].map { NumberText.value($0, distribution.unit) }
    let scale = distribution.isLogarithmic ? " Logarithmic scale." : ""
    return """
      <figure><h3>\(distribution.title)</h3><figcaption>\(distribution.explanation)\(scale)</figcaption>
      <table><thead><tr><th scope="col">class</th><th scope="col"><span class="ends"><span>\(ends[0])</span>\
      <span>\(ends[1])</span></span></th><th scope="col">median</th></tr></thead><tbody>
      \(rows)
      </tbody></table></figure>
      """
  }

  private func bars(
    _ series: InspectionRecord.Distribution.Series, _ distribution: InspectionRecord.Distribution
  ) -> HTML {
    let height = 20.0
    let most = Double(max(1, series.counts.max() ?? 1))
    let rectangles = series.counts.enumerated().filter { $0.element > 0 }.map { index, count -> HTML in
      let tall = max(0.8, Double(count) / most * height)
      return
        "<rect x=\"\(index)\" y=\"\(String(format: "%.1f", height - tall))\" width=\"0.9\" height=\"\(String(format: "%.1f", tall))\"/>"
    }
    let spread = series.spread.map {
      "from \(NumberText.value($0.least, "")) to \(NumberText.value($0.most, "")), median \(NumberText.value($0.median, distribution.unit))"
    }
    return """
      <svg viewBox="0 0 \(series.counts.count) 21" preserveAspectRatio="none" role="img" \
      aria-label="\(distribution.title) of \(series.name): \(spread ?? "nothing")">\
      \(HTML(joining: rectangles, separator: ""))<line x1="0" x2="\(series.counts.count)" y1="20.5" y2="20.5"/></svg>
      """
  }

  var positions: HTML {
    guard !record.positions.isEmpty else { return .empty }
    return """
      <h3>Where defects lie</h3>
      <p class="quiet">All images of a class laid over one another, each stretched to a square. The darker a cell, the more of it \
      defects cover on average; each map has its own scale.</p>
      <div class="maps">\(record.positions.prefix(Self.mostClasses).map(map))</div>
      """
  }

  private func map(_ map: InspectionRecord.PositionMap) -> HTML {
    guard let most = map.shares.max(), most > 0, map.columns > 0 else { return .empty }
    let cells = map.shares.enumerated().compactMap { index, share -> HTML? in
      let strength = share / most
      guard strength >= 0.01 else { return nil }
      return """
        <rect x="\(index % map.columns)" y="\(index / map.columns)" width="1" height="1" \
        fill-opacity="\(String(format: "%.2f", strength))"/>
        """
    }
    let peak = map.shares.firstIndex(of: most) ?? 0
    let place = Self.place(column: peak % map.columns, row: peak / map.columns, of: map)
    return """
      <figure><svg viewBox="0 0 \(map.columns) \(map.rows)" role="img" aria-label="Where \(map.className) lies in \
      \(map.images) images; most often \(place)">\(HTML(joining: cells, separator: ""))</svg>
      <figcaption>\(map.className), \(map.images) images; darkest cell \(NumberText.percent(most)) covered, \(place)</figcaption></figure>
      """
  }

  /// Such as "upper left".
  private static func place(column: Int, row: Int, of map: InspectionRecord.PositionMap) -> String {
    func third(_ index: Int, _ count: Int, _ names: [String]) -> String {
      names[min(2, (2 * index + 1) * 3 / max(1, 2 * count))]
    }
    let words = [
      third(row, map.rows, ["upper", "", "lower"]), third(column, map.columns, ["left", "", "right"]),
    ].filter { !$0.isEmpty }
    return words.isEmpty ? "in the middle" : words.joined(separator: " ")
  }
}
