import Files
import Foundation

/// One folder per class; labels are of whole images. Where the top folders are splits (`train`, `val`, `test`), the folders
/// within them are classes.
public struct FoldersImporter: Importer {
  public static let format = "folders"
  public static let summary = "a folder per class, maybe within train, val and test; --clean names the one without defects"

  /// Which folder holds clean images; nil where none does.
  public let clean: String?

  public init(clean: String? = nil) { self.clean = clean }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    let tops = try FolderListing.folders(in: source)
    guard !tops.isEmpty else {
      throw InputError(at: source.path, expected: "a folder for each class", found: "no folders")
    }
    let isSplit = tops.allSatisfy { Split(folder: $0) != nil }
    let names = isSplit
      ? Set(try tops.flatMap { try FolderListing.folders(in: source.appendingPathComponent($0)) }).sorted() : tops
    if let clean, !names.contains(clean) {
      throw InputError(
        at: source.path, expected: "a folder '\(clean)' of clean images", found: names.joined(separator: ", "))
    }
    let splits = isSplit ? listing.images.map { Split(folder: $0.prefix { $0 != "/" }) } : []
    let byImage = Dictionary(
      zip(listing.images, splits).compactMap { path, split in split.map { (path, $0) } }, uniquingKeysWith: { $1 })
    let stored = DatasetNames(of: listing.images, containers: [], splits: byImage).names
    var problems: [ImportProblem] = []
    var items: [ImportItem] = []
    var found: Set<String> = []
    for path in listing.images {
      let parts = path.split(separator: "/").dropFirst(isSplit ? 1 : 0)
      guard parts.count > 1, let first = parts.first else {
        problems.append(ImportProblem(path, "lies beside the folders of classes"))
        continue
      }
      let name = String(first)
      found.insert(name)
      items.append(
        ImportItem(
          path: path, fileName: stored[path] ?? path, label: name == clean ? .clean(mask: nil) : .whole(name),
          split: byImage[path]))
    }
    // A folder without a single image is no class.
    var contents = ImportContents(
      clean: clean, categories: names.filter { $0 != clean && found.contains($0) }, items: items)
    contents.problems = problems
    if let note = listing.note { contents.notes.append(note) }
    if clean == nil { contents.notes.append("No class is clean; --clean NAME says which folder is") }
    return contents
  }
}
