import Foundation
import Runs

/// An inspection for the terminal: what is serious first, the rest in a few lines.
struct InspectionText {
  private let record: InspectionRecord
  private let page: String?
  private static let mostCases = 3

  init(_ record: InspectionRecord, page: String?) {
    self.record = record
    self.page = page
  }

  var text: String {
    var lines = [
      "\(record.name): \(record.images) images in \(record.groups) groups; "
        + "\(counted(.error)), \(counted(.warning)), \(counted(.note))"
    ]
    for severity in [InspectionRecord.Severity.error, .warning] {
      for finding in record.findings where finding.severity == severity { lines += self.lines(finding) }
    }
    for finding in record.findings where finding.severity == .note { lines.append("note: \(finding.title)") }
    lines += ["", classes]
    lines.append("(brightness 0 to 1, defect px and covers are medians)")
    if let width = record.files.width, let height = record.files.height {
      func list(_ counts: [InspectionRecord.Counted]) -> String {
        counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
      }
      lines.append(
        "Width \(decimal(width.least, 0)) to \(decimal(width.most, 0)) px, height \(decimal(height.least, 0)) to "
          + "\(decimal(height.most, 0)) px; \(list(record.files.formats)); \(list(record.files.colours)); "
          + list(record.files.bits))
    }
    lines += record.probes.map(line)
    if let strangest = record.outliers.first {
      let reasons = strangest.reasons.map(\.measure).joined(separator: ", ")
      lines.append("Strangest image: \(strangest.image) (\(reasons))")
    }
    if let page { lines.append("Page: \(page)") }
    return lines.joined(separator: "\n")
  }

  private func counted(_ severity: InspectionRecord.Severity) -> String {
    let count = record.count(of: severity)
    return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
  }

  private func lines(_ finding: InspectionRecord.Finding) -> [String] {
    var lines = ["\(finding.severity == .error ? "ERROR" : "warning"): \(finding.title)"]
    lines += finding.cases.prefix(Self.mostCases).map { entry in
      let names = entry.images.joined(separator: finding.isOfCopies ? " = " : ", ")
      return "    \(names)\(names.isEmpty || entry.text.isEmpty ? "" : ": ")\(entry.text)"
    }
    if finding.cases.count > Self.mostCases { lines.append("    and \(finding.cases.count - Self.mostCases) more") }
    lines.append("  → \(finding.remedy)")
    return lines
  }

  private var classes: String {
    var table = TextTable([
      "class", "images", "groups", "train", "validation", "test", "no split", "synthetic", "brightness", "masks",
      "boxes",
      "defects", "defect px", "covers",
    ])
    for entry in record.classes {
      var row = [entry.name, "\(entry.images)", "\(entry.groups)"]
      for split in ["train", "validation", "test", "none"] { row.append(String(entry.splits[split] ?? 0)) }
      row.append("\(entry.synthetic)")
      row.append(entry.brightness.map { decimal($0.median, 2) } ?? "-")
      row += ["\(entry.masks)", "\(entry.boxes)", "\(entry.defects)"]
      row.append(entry.defectArea.map { decimal($0.median, 0) } ?? "-")
      row.append(entry.coverage.map { decimal($0.median * 100, 2) + " %" } ?? "-")
      table.add(row)
    }
    return table.text
  }

  private func line(_ probe: InspectionRecord.Probe) -> String {
    let sides = probe.sides.joined(separator: " against ")
    guard let area = probe.area else { return "Probe, \(sides): not done (\(probe.notDone))" }
    let alone = probe.features.first.map { "; alone, \($0.measure): \(decimal($0.area.value, 2))" } ?? ""
    return
      "Probe, \(sides): AUC \(decimal(area.value, 2)) (\(decimal(area.low, 2)) to \(decimal(area.high, 2)))\(alone)"
  }

  /// A number with so many places.
  private func decimal(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }
}
