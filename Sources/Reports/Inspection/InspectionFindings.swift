import Runs

/// The findings, each with pictures and with what to do.
struct InspectionFindings {
  private let record: InspectionRecord
  private let pictures: Thumbnails<String>

  init(_ record: InspectionRecord, _ pictures: Thumbnails<String>) {
    self.record = record
    self.pictures = pictures
  }

  var html: HTML {
    guard !record.findings.isEmpty else { return "<p>None.</p>" }
    return HTML(joining: record.findings.map(section))
  }

  private func section(_ finding: InspectionRecord.Finding) -> HTML {
    let shown = finding.casesShown
    let cases: HTML = shown.isEmpty ? .empty : "<div class=\"cases\">\(shown.map(block))</div>"
    return """
      <section class="finding \(finding.severity.rawValue)"><span class="severity">\(finding.severity.rawValue)</span>
      <h3>\(finding.title)</h3>
      <p>\(finding.meaning)</p>
      <p><strong>What to do:</strong> \(finding.remedy)</p>
      \(cases)
      \(rest(finding))
      </section>
      """
  }

  private func block(_ entry: InspectionRecord.Finding.Case) -> HTML {
    let figures = entry.imagesShown.map { pictures.figure($0, caption: "\($0)", description: "\($0) \(entry.text)") }
    let more = entry.images.count - figures.count
    let text = entry.text + (more > 0 ? "\(entry.text.isEmpty ? "" : " ")(and \(more) more)" : "")
    let row: HTML = figures.isEmpty ? .empty : "<div>\(figures)</div>"
    let words: HTML = text.isEmpty ? .empty : "<p>\(text)</p>"
    return "<div class=\"case\">\(row)\(words)</div>"
  }

  /// The others by name, folded up; the very long lists are for `--json`.
  private func rest(_ finding: InspectionRecord.Finding) -> HTML {
    let others = finding.cases.dropFirst(finding.casesShown.count)
    guard !others.isEmpty else { return .empty }
    let limit = 200
    let lines = others.prefix(limit).map { entry -> HTML in
      let names = entry.images.joined(separator: finding.isOfCopies ? " = " : ", ")
      return "<li>\(names)\(names.isEmpty || entry.text.isEmpty ? "" : ": ")\(entry.text)</li>"
    }
    let end: HTML = others.count > limit ? "<li>… and \(others.count - limit) more, in the JSON</li>" : .empty
    return "<details><summary>\(others.count) more</summary><ul>\(lines)\(end)</ul></details>"
  }
}
