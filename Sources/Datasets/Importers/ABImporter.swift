import Files
import Foundation

/// Two unpaired collections as published with CycleGAN: `trainA`, `trainB`, `testA`, `testB`, and maybe `valA`, `valB`.
///
/// A is the clean class, B the other; the split is the folders' own.
public struct ABImporter: Importer {
  public static let format = "ab"
  public static let summary = "trainA, trainB, testA, testB: two unpaired collections, split as they are"

  /// Names of A and B.
  public let clean: String
  public let category: String

  public init(clean: String = "A", category: String = "B") {
    self.clean = clean
    self.category = category
  }

  public func contents(of source: URL) throws -> ImportContents {
    let splits: [(folder: String, split: Split)] = [("train", .train), ("val", .validation), ("test", .test)]
    var contents = ImportContents(cleanName: clean, categories: [category], items: [])
    var missing: [String] = []
    for (start, split) in splits {
      for side in ["A", "B"] {
        let folder = start + side
        let url = source.appendingPathComponent(folder)
        guard FolderListing.isFolder(url) else {
          if split != .validation { missing.append(folder) }
          continue
        }
        let listing = try FolderListing(of: url)
        contents.items += listing.images.map { file in
          ImportItem(
            path: "\(folder)/\(file)", fileName: "\(folder)/\(file)",
            label: side == "A" ? .clean(mask: nil) : .whole(category), split: split)
        }
        if let note = listing.note { contents.notes.append("\(folder): \(note)") }
      }
    }
    guard missing.isEmpty else {
      throw InputError(
        at: source.path, expected: "folders trainA, trainB, testA and testB",
        found: "no \(missing.joined(separator: ", "))")
    }
    return contents
  }
}
