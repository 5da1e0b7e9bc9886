import Foundation
import Runs

/// Counts and figures of an inspection as tables.
struct InspectionTables {
  private let record: InspectionRecord
  private static let splits = ["train", "validation", "test", "none"]

  init(_ record: InspectionRecord) { self.record = record }

  var classes: HTML {
    let splits = Self.splits.filter { split in record.classes.contains { ($0.splits[split] ?? 0) > 0 } }
    let hasSynthetic = record.classes.contains { $0.synthetic > 0 }
    let holdsMore = record.classes.contains { $0.holding != $0.images }
    var head: [HTML] = ["class", "images"]
    if holdsMore { head.append("images that hold it") }
    head += ["share", "groups"]
    head += splits.map { "\($0 == "none" ? "no split" : $0)" as HTML }
    if hasSynthetic { head.append("synthetic") }
    head += ["brightness<br><small>median (0 to 1)</small>", "contrast<br><small>median (0 to 1)</small>"]
    let rows = record.classes.map { entry -> Table.Row in
      var cells: [HTML] = ["\(entry.images)"]
      if holdsMore { cells.append("\(entry.holding)") }
      let share = record.images > 0 ? Double(entry.images) / Double(record.images) : nil
      cells += ["\(NumberText.percent(share))", "\(entry.groups)"]
      cells += splits.map { "\(entry.splits[$0] ?? 0)" as HTML }
      if hasSynthetic { cells.append("\(entry.synthetic)") }
      cells += [
        "\(Table.number(entry.brightness?.median, digits: 2))", "\(Table.number(entry.contrast?.median, digits: 2))",
      ]
      return Table.Row(name: "\(entry.name)", cells: cells)
    }
    let note: HTML =
      holdsMore
      ? "<p class=\"quiet\">An image with several classes counts under the one that covers most of it.</p>" : .empty
    return Table.html(head: head, rows: rows) + note
  }

  /// Labels and the size of defects.
  var defects: HTML {
    let marked = record.classes.filter { $0.masks + $0.boxes + $0.wholes > 0 }
    guard !marked.isEmpty else { return .empty }
    let rows = marked.map { entry -> Table.Row in
      let area = entry.defectArea, cover = entry.coverage
      return Table.Row(
        name: "\(entry.name)",
        cells: [
          "\(entry.masks)", "\(entry.boxes)", "\(entry.wholes)", "\(entry.defects)",
          "\(NumberText.value(area?.least, ""))", "\(NumberText.value(area?.median, ""))",
          "\(NumberText.value(area?.most, ""))", "\(NumberText.percent(cover?.median))",
          "\(NumberText.percent(cover?.most))",
        ])
    }
    return Table.html(
      caption: "Labels and defects",
      head: [
        "class", "masks", "boxes", "whole images", "defects", "smallest<br><small>px</small>",
        "median<br><small>px</small>", "largest<br><small>px</small>", "covers, median<br><small>of the image</small>",
        "covers, most<br><small>of the image</small>",
      ], rows: rows)
      + "<p class=\"quiet\">A defect is a connected part of a mask, or a box where there is no mask.</p>"
  }

  var overlaps: HTML {
    guard !record.overlaps.isEmpty else { return .empty }
    let rows = record.overlaps.map { entry in
      Table.Row(
        name: "\(entry.classes.joined(separator: " and "))",
        cells: ["\(entry.images)", "\(entry.imagesSharingPixels)", "\(entry.pixels)"])
    }
    return "<h3>Classes that meet</h3>"
      + Table.html(
        head: [
          "classes", "images with both", "images with shared pixels", "shared pixels<br><small>px, by masks</small>",
        ],
        rows: rows)
  }

  var probes: HTML {
    guard !record.probes.isEmpty else { return "<p>There are no two sides to compare: no clean images, no split.</p>" }
    let rows = record.probes.map { probe -> Table.Row in
      let counts = zip(probe.images, probe.groups).map { "\($0) (\($1))" }.joined(separator: "<br>")
      let area: HTML
      if let found = probe.area {
        area = "<strong>\(Table.number(found.value, digits: 2))</strong> <small>\(interval(found))</small>"
      } else {
        area = "<small>not done: \(probe.notDone)</small>"
      }
      let telling = probe.features.prefix(3).map { feature -> HTML in
        let medians = feature.medians.map { NumberText.value($0, feature.unit) }.joined(separator: " against ")
        return
          "\(feature.measure) \(Table.number(feature.area.value, digits: 2)) <small>\(interval(feature.area)); medians \(medians)</small>"
      }
      return Table.Row(
        name: "\(probe.sides.joined(separator: " against "))",
        cells: ["\(verbatim: counts)", area, "<div class=\"left\">\(HTML(joining: telling, separator: ""))</div>"])
    }
    let table = Table.html(
      head: ["sides", "images (groups)", "AUC of all measures", "<div class=\"left\">most telling alone, AUC</div>"],
      rows: rows)
    return """
      <p class="quiet">A logistic regression on simple measures of the whole image, on groups that it did not see. AUC: the \
      chance that it ranks an image of one side above one of the other; 0.5 is chance, 1 tells all apart. Intervals are 95 % and \
      count groups, not images; those of single measures are as wide as picking the best of all takes. What is high here, a network \
      will find as well.</p>
      \(table)
      """
  }

  private func interval(_ area: InspectionRecord.Probe.Area) -> String {
    String(format: "%.2f to %.2f", area.low, area.high)
  }

  var files: HTML {
    let files = record.files
    func list(_ counts: [InspectionRecord.Counted], _ limit: Int = 8) -> String {
      let shown = counts.prefix(limit).map { "\($0.name) (\($0.count))" }.joined(separator: ", ")
      return counts.count > limit ? "\(shown) and \(counts.count - limit) more" : shown
    }
    func spread(_ spread: InspectionRecord.Spread?, _ text: (Double) -> String) -> String {
      spread.map { "\(text($0.least)) to \(text($0.most)), median \(text($0.median))" } ?? "–"
    }
    return Table.facts([
      ("formats", list(files.formats)), ("sizes (width × height, px)", list(files.sizes)),
      ("width", spread(files.width) { NumberText.value($0, "px") }),
      ("height", spread(files.height) { NumberText.value($0, "px") }), ("bits of a sample", list(files.bits)),
      ("colours", list(files.colours)), ("size of a file", spread(files.bytes, NumberText.bytes)),
    ])
  }
}
