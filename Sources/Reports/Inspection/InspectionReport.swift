import Files
import Foundation
import Runs

/// An inspection as one page: the strangest images first, then what is wrong, then what is there.
public struct InspectionReport {
  private let record: InspectionRecord
  private let pictures: Thumbnails<String>

  /// - Parameter pictures: PNG or JPEG files by the images' names; images without one are named instead.
  public init(record: InspectionRecord, pictures: [String: Data]) {
    self.record = record
    self.pictures = Thumbnails(pictures)
  }

  /// Writes the page: one file that needs no other, and holds no script.
  public func write(to url: URL) throws { try AtomicFile.write(try html(), to: url) }

  /// The page's source.
  public func html() throws -> String {
    let body: HTML = """
      <header><h1>Inspection of \(record.name)</h1><p class="question">\(record.description)</p></header>
      <main>
      \(verdict)
      <h2 id="strangest">The strangest images</h2>
      \(outliers)
      <h2 id="findings">Findings</h2>
      \(InspectionFindings(record, pictures).html)
      <h2 id="classes">Classes and splits</h2>
      \(InspectionTables(record).classes)
      \(InspectionTables(record).defects)
      \(samples)
      \(InspectionTables(record).overlaps)
      \(InspectionFigures(record).positions)
      <h2 id="measures">Measures</h2>
      \(InspectionFigures(record).distributions)
      <h2 id="probes">Can they be told apart without looking?</h2>
      \(InspectionTables(record).probes)
      <h2 id="files">Files</h2>
      \(InspectionTables(record).files)
      <h2>How it was inspected</h2>
      \(Table.facts(record.facts.map { ($0.key, $0.value) }))
      </main>
      """
    return try ReportPage(title: "\(record.name): inspection", body: body).source()
  }

  private var verdict: HTML {
    let errors = record.count(of: .error), warnings = record.count(of: .warning), notes = record.count(of: .note)
    let kind = errors > 0 ? "harms" : warnings > 0 ? "does-not-help" : "helps"
    func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
    let headline =
      errors > 0
      ? "\(counted(errors, "error")): mend before training"
      : warnings > 0 ? "No error; \(counted(warnings, "warning")) to look at" : "Nothing serious was found"
    let serious = record.findings.filter { $0.severity == .error }.map { "<li>\($0.title)</li>" as HTML }
    let list: HTML = serious.isEmpty ? .empty : "<ul>\(serious)</ul>"
    return """
      <section class="verdict \(kind)"><p class="headline">\(headline)</p>
      <p>\(counted(record.images, "image")) in \(counted(record.groups, "group")), \
      \(record.isSplit ? "split" : "not split yet"). \(counted(errors, "error")), \(counted(warnings, "warning")), \
      \(counted(notes, "note")).</p>
      \(list)
      </section>
      <nav><a href="#strangest">Strangest images</a> <a href="#findings">Findings</a> <a href="#classes">Classes</a> \
      <a href="#measures">Measures</a> <a href="#probes">Shortcuts</a> <a href="#files">Files</a></nav>
      """
  }

  private var outliers: HTML {
    guard !record.outliers.isEmpty else { return "<p>No image stands apart from the others in any simple measure.</p>" }
    let figures = record.outliers.map { outlier -> HTML in
      let reasons = outlier.reasons.map { reason in
        "\(reason.measure) \(NumberText.value(reason.value, reason.unit)) (median \(NumberText.value(reason.median, reason.unit)))"
      }.joined(separator: "; ")
      return pictures.figure(
        outlier.image, caption: "<b>\(outlier.className)</b><br>\(outlier.image)<br>\(reasons)",
        description: "\(outlier.image), \(outlier.className): \(reasons)")
    }
    return """
      <p class="quiet">Unlike all others in simple measures of the whole picture (light, border, detail, colour, storage), the \
      strangest first. Broken, foreign or rare and precious: look at each. Marked defects are outlined.</p>
      <div class="thumbs">\(figures)</div>
      """
  }

  private var samples: HTML {
    let rows = record.samples.map { sample -> HTML in
      let figures = sample.images.map { name in
        pictures.figure(name, caption: "\(name)", description: "\(name), \(sample.className)")
      }
      return "<h3>\(sample.className)</h3><div class=\"thumbs small\">\(figures)</div>"
    }
    guard !rows.isEmpty else { return .empty }
    return "<h3>What they look like</h3><p class=\"quiet\">Evenly taken from the list, not chosen.</p>\(rows)"
  }
}
