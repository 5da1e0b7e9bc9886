import Files
import Foundation
import Runs

/// A training run as one page: its losses, the pictures made on the way, and how it was made.
public struct RunReport {
  private let folder: URL
  private let showsPictures: Bool
  private let library: ChartLibrary
  /// The most samples that a page shows; of more, evenly chosen ones with the first and the last.
  private static let sampleLimit = 24

  /// - Parameter folder: the run's folder, with `run.json`, and `losses.csv` and `samples/` where the run has them.
  public init(folder: URL, showsPictures: Bool = true, library: ChartLibrary) {
    self.folder = folder
    self.showsPictures = showsPictures
    self.library = library
  }

  /// The page's source.
  ///
  /// - Throws: `InputError` when the folder is no run, or a file in it is not what its name says.
  public func html() throws -> String {
    let run = try RunFolder(reading: folder)
    let record = try JSONFile.read(JSONValue.self, from: run.record)
    let hasLosses = FileManager.default.fileExists(atPath: run.losses.path)
    let table = hasLosses ? try LossTable(contentsOf: run.losses) : nil
    let charts = table.map(charts) ?? []
    let name = run.url.lastPathComponent
    let body: HTML = """
      <header><h1>Training run</h1><h2 style="margin-top: 0">\(name)</h2></header>
      <main>
      \(summary(table))
      <div class="pair">\(charts.map { $0.figure(caption: "\($0.description)") })</div>
      \(showsPictures ? try samples(in: run.samples) : .empty)
      <h2>How it was made</h2>
      \(Table.facts(JSONFacts.list(record)))
      </main>
      """
    return try ReportPage(title: "\(name): training run", body: body, charts: charts, library: library).source()
  }

  private func summary(_ table: LossTable?) -> HTML {
    guard let table, let last = table.rows.last else { return "<p>No losses have been written yet.</p>" }
    let broken = table.rows.filter { row in !row.values.allSatisfy(\.isFinite) }
    let warning: HTML =
      broken.first.map {
        "<section class=\"warnings\">\(broken.count) steps, the first of them \($0.step), have a loss that is not a number.</section>"
      } ?? .empty
    let tail = table.rows.suffix(max(1, table.rows.count / 20))
    let rows = table.columns.enumerated().map { index, name in
      Table.Row(
        name: "\(name)",
        cells: [
          "\(Table.number(table.rows.first?.values[index], digits: 4))",
          "\(Table.number(tail.reduce(0) { $0 + $1.values[index] } / Double(tail.count), digits: 4))",
        ])
    }
    return """
      <p>\(table.rows.count) steps recorded, up to step \(last.step).</p>
      \(warning)
      \(Table.html(head: ["", "first step", "mean of the last \(tail.count) steps"], rows: rows))
      """
  }

  private func charts(_ table: LossTable) -> [Chart] {
    table.columns.enumerated().map { index, name in
      let points = table.rows.map { (x: Double($0.step), y: $0.values[index]) }
      let size = (points.count + 399) / 400
      return Chart(
        id: "chart-loss-\(index)", kind: .lines,
        description: size > 1 ? "\(name), means over \(size) steps" : name, xTitle: "step",
        series: [Chart.Series(name: name, color: index, points: Thinned.points(points, to: 400))], yFromZero: true,
        height: 240)
    }
  }

  private func samples(in samples: URL) throws -> HTML {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: samples.path)) ?? [])
      .filter { $0.lowercased().hasSuffix(".png") && !$0.hasPrefix(".") }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    guard !names.isEmpty else { return .empty }
    let limit = Self.sampleLimit
    let shown =
      names.count <= limit
      ? names : (0..<limit).map { names[$0 * (names.count - 1) / (limit - 1)] }
    var embedded = EmbeddedPicture(folder: samples)
    let figures = try shown.map { name -> HTML in
      """
      <figure><img src="\(try embedded.address(of: name))" alt="sample \(name)">\
      <figcaption>\(name)</figcaption></figure>
      """
    }
    let note: HTML = names.count > limit ? "<p class=\"quiet\">\(limit) of \(names.count), evenly chosen.</p>" : .empty
    return "<h2>Samples</h2>\n\(note)<div class=\"samples\">\(figures)</div>"
  }
}
