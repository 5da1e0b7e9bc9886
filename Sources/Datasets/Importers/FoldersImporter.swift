import Files
import Foundation

/// One folder per class; labels are of whole images.
public struct FoldersImporter: Importer {
  public static let format = "folders"
  public static let summary = "a folder per class; --clean names the one without defects"

  /// Which folder holds clean images; nil where none does.
  public let clean: String?

  public init(clean: String? = nil) { self.clean = clean }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    let names = try FolderListing.folders(in: source)
    guard !names.isEmpty else {
      throw InputError(at: source.path, expected: "a folder for each class", found: "no folders")
    }
    if let clean, !names.contains(clean) {
      throw InputError(
        at: source.path, expected: "a folder '\(clean)' of clean images", found: names.joined(separator: ", "))
    }
    var problems: [ImportProblem] = []
    var items: [ImportItem] = []
    for path in listing.images {
      let parts = path.split(separator: "/", maxSplits: 1)
      guard parts.count == 2 else {
        problems.append(ImportProblem(path, "lies beside the folders of classes"))
        continue
      }
      let name = String(parts[0])
      items.append(
        ImportItem(path: path, fileName: path, label: name == clean ? .clean(mask: nil) : .whole(name)))
    }
    // A folder without a single image is no class.
    let found = Set(items.map { String($0.path.prefix { $0 != "/" }) })
    var contents = ImportContents(
      cleanName: clean ?? (names.contains("Clean") ? "(clean)" : "Clean"),
      categories: names.filter { $0 != clean && found.contains($0) }, items: items)
    contents.problems = problems
    if let note = listing.note { contents.notes.append(note) }
    if clean == nil { contents.notes.append("No class is clean; --clean NAME says which folder is") }
    return contents
  }
}
