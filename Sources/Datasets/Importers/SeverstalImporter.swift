import Files
import Foundation

/// The Severstal steel competition: `train.csv` beside `train_images/`. Images without a row of the table are clean.
public struct SeverstalImporter: Importer {
  public static let format = "severstal"
  public static let summary = "train.csv with run-length masks beside train_images/"

  /// Names of the classes 1, 2, …; nil: defect_1, defect_2, ….
  public let classes: [String]?
  /// nil: Clean.
  public let clean: String?

  public init(classes: [String]? = nil, clean: String? = nil) {
    self.classes = classes
    self.clean = clean
  }

  public func contents(of source: URL) throws -> ImportContents {
    let (folder, file) = try SourceFolder.splitting(source)
    let listing = try FolderListing(of: folder.url)
    let table = try file ?? Self.table(in: listing, folder)
    let rows = try SeverstalTable.parse(folder.labels(of: table), at: table).rows
    // The competition's folder also holds test images, of which nothing is known.
    let below = [table.folderPart, ""].map { $0.isEmpty ? $0 : $0 + "/" }
    let places = below.flatMap { [$0 + "train_images/", $0 + "images/", $0] }
    guard let place = places.first(where: { place in listing.images.contains { $0.hasPrefix(place) } }) else {
      throw InputError(at: source.path, expected: "images in train_images/", found: "none")
    }
    let images = SourceImages(listing.images.filter { $0.hasPrefix(place) })

    var problems: [ImportProblem] = []
    var found: [String: [ImportMark]] = [:]
    var ids: Set<Int> = []
    var isBad: Set<String> = []
    var paths: [String: String?] = [:]
    for row in rows {
      let line = "\(table): line \(row.line)"
      do {
        let path = try paths[row.image] ?? images.path(of: row.image, from: place, at: line)
        paths[row.image] = .some(path)
        guard let path else {
          problems.append(ImportProblem(line, "no image '\(row.image)' in \(place)"))
          continue
        }
        guard !row.runs.isEmpty else { continue }
        if let classes, row.classID > classes.count {
          problems.append(ImportProblem(line, "class \(row.classID), but \(classes.count) names were given"))
          isBad.insert(path)
          continue
        }
        ids.insert(row.classID)
        found[path, default: []].append(ImportMark(name(row.classID), .columnRuns(row.runs)))
      } catch let error as InputError {
        problems.append(ImportProblem(error.place, "expected \(error.expected), found \(error.found)"))
      }
    }
    var contents = ImportContents(
      clean: clean, categories: classes ?? ids.sorted().map(name),
      items: images.paths.filter { !isBad.contains($0) }.map { path in
        ImportItem(
          path: path, fileName: String(path.dropFirst(place.count)),
          label: .labels(ImportLabels(marks: found[path] ?? [])))
      })
    contents.problems = problems
    let elsewhere = listing.images.count - images.paths.count
    if elsewhere > 0 { contents.notes.append("\(elsewhere) images outside of \(place) are not looked at") }
    return contents
  }

  private func name(_ id: Int) -> String { classes?[id - 1] ?? "defect_\(id)" }

  /// The only table of this kind, `train.csv` before others.
  static func table(in listing: FolderListing, _ folder: SourceFolder) throws -> String {
    let tables = listing.files(withExtension: "csv").filter { isTable($0, folder) }
    if let train = tables.first(where: { $0.lastComponent == "train.csv" }) { return train }
    guard tables.count < 2 else {
      throw InputError(
        at: folder.url.path, expected: "one table of run lengths", found: tables.prefix(5).joined(separator: ", "),
        remedy: "Give the table's own path as SRC")
    }
    guard let table = tables.first else {
      throw InputError(
        at: folder.url.path, expected: "a CSV file that begins with \(SeverstalTable.heads.joined(separator: " or "))",
        found: "none")
    }
    return table
  }

  static func isTable(_ path: String, _ folder: SourceFolder) -> Bool {
    guard let start = folder.start(of: path, count: 100) else { return false }
    let line = String(decoding: TextFile.withoutMark(start), as: UTF8.self).prefix { !$0.isNewline }
    return SeverstalTable.heads.contains(line.filter { $0 != " " && $0 != "\"" })
  }
}
