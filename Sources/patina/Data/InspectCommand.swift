import ArgumentParser
import Datasets
import Files
import Foundation
import Images

/// `patina inspect DATASET`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what is in a data set, and what leaks between its splits.",
    discussion: """
      Opens every image: counts by class and split, sizes, brightness, defects, copies (turned or mirrored ones, too),
      groups and copies that stand on two sides of the split.

      Example:
        patina inspect tiles --sheet tiles.png
      """)

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Flag(help: "Print everything as JSON.")
  var json = false

  @Option(help: "Write a contact sheet, a row for each class, to this PNG file.")
  var sheet: String?

  @Option(help: "Images in a row of the sheet.")
  var columns = 10

  @Option(help: "Threads that decode.")
  var threads = 2

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is 1 to 100") }
  }

  func run() throws {
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    let report = DatasetInspection(of: set, threads: threads)
    if json {
      print(String(decoding: try JSONFile.encode(report), as: UTF8.self), terminator: "")
    } else {
      print(text(report))
    }
    if let sheet {
      let image = try set.contactSheet(columns: columns).rendered()
      try AtomicFile.write(try image.encoded(as: .png), to: URL(fileURLWithPath: sheet))
    }
  }

  private func text(_ report: DatasetInspection) -> String {
    var lines = ["\(report.description): \(report.images) images in \(report.groups) groups"]
    var table = TextTable([
      "class", "images", "groups", "train", "validation", "test", "no split", "synthetic", "brightness", "masks",
      "defects", "defect px", "covers",
    ])
    for entry in report.classes {
      var row = [entry.name, "\(entry.images)", "\(entry.groups)"]
      for split in Split.allCases.map(\.rawValue) + ["none"] { row.append(String(entry.splits[split] ?? 0)) }
      row.append("\(entry.synthetic)")
      row.append(entry.brightness.map { decimal($0.median, 2) } ?? "-")
      row += ["\(entry.masked)", "\(entry.defects)"]
      row.append(entry.defectArea.map { decimal($0.median, 0) } ?? "-")
      row.append(entry.coverage.map { decimal($0.median * 100, 2) + " %" } ?? "-")
      table.add(row)
    }
    lines.append(table.text)
    lines.append("(brightness 0 to 1, defect px and covers are medians)")
    if let width = report.width, let height = report.height {
      lines.append(
        "Width \(decimal(width.least, 0)) to \(decimal(width.most, 0)), height \(decimal(height.least, 0)) to "
          + "\(decimal(height.most, 0)); \(report.greyImages) grey, \(report.sixteenBitImages) of 16 bits")
    }
    func list(_ title: String, _ entries: [String]) {
      guard !entries.isEmpty else { return }
      lines.append("\(title): \(entries.count)")
      lines += entries.prefix(10).map { "  \($0)" }
      if entries.count > 10 { lines.append("  and \(entries.count - 10) more (--json lists all)") }
    }
    list("Images that show the same, maybe turned or mirrored", report.copies.map { $0.joined(separator: " = ") })
    list("LEAK: copies in two splits", report.leakingCopies.map(describe))
    list("LEAK: groups in two splits", report.leakingGroups.map(describe))
    list("LEAK: synthetic images from or in validation or test", report.leakingSynthetic)
    list("Bad files", report.problems.map(\.description))
    return lines.joined(separator: "\n")
  }

  private func describe(_ leak: DatasetInspection.Leak) -> String {
    "\(leak.names.joined(separator: " = ")): \(leak.splits.joined(separator: ", "))"
  }

  /// A number with so many places.
  private func decimal(_ value: Double, _ places: Int) -> String {
    String(format: "%.\(places)f", value)
  }
}
