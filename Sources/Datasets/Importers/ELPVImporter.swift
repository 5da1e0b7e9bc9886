import Files
import Foundation

/// Solar cells in electroluminescence (Deitsch et al. 2019): `labels.csv` beside `images/`, as in the `elpv-dataset` wheel.
///
/// A line holds a path, the probability of a defect (0, ⅓, ⅔, 1, from experts' votes) and the cell's type.
public struct ELPVImporter: Importer {
  public static let format = "elpv"
  public static let summary = "solar cells: labels.csv beside images/, or an unpacked elpv-dataset wheel"

  public enum CellType: String, CaseIterable, Sendable { case mono, poly, all }
  /// What becomes of cells of which the experts were unsure: probability ⅓ and ⅔.
  public enum Uncertain: String, CaseIterable, Sendable { case drop, clean, defective }

  public let type: CellType
  public let uncertain: Uncertain

  public init(type: CellType = .all, uncertain: Uncertain = .drop) {
    self.type = type
    self.uncertain = uncertain
  }

  public func contents(of source: URL) throws -> ImportContents {
    let places = ["", "data/", "elpv_dataset/data/", "src/elpv_dataset/data/"]
    let found = places.first {
      FileManager.default.fileExists(atPath: source.appendingPathComponent($0 + "labels.csv").path)
    }
    guard let below = found else {
      throw InputError(
        at: source.path, expected: "labels.csv beside images/", found: "no labels.csv",
        remedy:
          "Of a wheel, give the folder into which it was unpacked: pip download elpv-dataset --no-deps, then unzip")
    }
    let file = source.appendingPathComponent(below + "labels.csv")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw InputError(at: file.path, expected: "a text file in UTF-8", found: "something else")
    }
    var items: [ImportItem] = []
    var seen: Set<String> = []
    var dropped = 0
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let place = "\(file.path): line \(index + 1)"
      let fields = line.split { $0 == " " || $0 == "\t" || $0 == "," }
      guard fields.count == 3, let probability = Double(fields[1]), (0...1).contains(probability),
        let cell = CellType(rawValue: String(fields[2])), cell != .all
      else { throw InputError(at: place, expected: "a path, a probability and mono or poly", found: "'\(line)'") }
      let path = String(fields[0])
      if let problem = DatasetForm.problem(inPath: path) {
        throw InputError(at: place, expected: "a path beside labels.csv", found: problem)
      }
      guard seen.insert(path).inserted else {
        throw InputError(at: place, expected: "each image once", found: "\(path) again")
      }
      guard type == .all || type == cell else { continue }
      let isSure = probability == 0 || probability == 1
      guard isSure || uncertain != .drop else {
        dropped += 1
        continue
      }
      let isClean = isSure ? probability == 0 : uncertain == .clean
      let name = path.hasPrefix("images/") ? String(path.dropFirst(7)) : path
      items.append(
        ImportItem(
          path: below + path, fileName: "\(cell.rawValue)/\(name)",
          label: isClean ? .clean(mask: nil) : .whole("Defective")))
    }
    var contents = ImportContents(cleanName: "Functional", categories: ["Defective"], items: items)
    if dropped > 0 {
      contents.notes.append("\(dropped) cells of probability between 0 and 1 were left out (--uncertain)")
    }
    contents.notes.append(
      "labels.csv does not say which cells come from one of the 44 modules, so cells of one module may come to stand on "
        + "both sides of a split")
    return contents
  }
}
