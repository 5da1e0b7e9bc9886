import Files
import Foundation

/// LabelMe: a JSON file of shapes for each image, beside it or in a folder of its own. A file without shapes: clean.
public struct LabelMeImporter: Importer {
  public static let format = "labelme"
  public static let summary = "LabelMe: a JSON file of outlines for each image; without shapes: clean"

  /// nil: Clean.
  public let clean: String?
  /// Whether images without a JSON file are clean; otherwise they are left out.
  public let unlabelledIsClean: Bool
  public let threads: Int

  public init(clean: String? = nil, unlabelledIsClean: Bool = false, threads: Int = 2) {
    self.clean = clean
    self.unlabelledIsClean = unlabelledIsClean
    self.threads = threads
  }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    let folder = SourceFolder(source)
    let heads = try LabelHeads(
      of: listing.files(withExtension: "json"), in: folder, kind: "JSON files of LabelMe", threads: threads
    ) {
      let file = try LabelMeFile.parse($0, at: $1)
      return (file.imagePath, Set(file.marks.map(\.category)))
    }
    var pairs = LabelPairs(images: listing.images, containers: ["images", "imgs", "img"])
    heads.pair(into: &pairs)
    var contents = ImportContents(
      clean: clean, categories: heads.categories, items: pairs.items(unlabelledIsClean: unlabelledIsClean))
    contents.problems = pairs.problems
    contents.notes = pairs.notes(unlabelledIsClean: unlabelledIsClean, kind: "JSON file")
    contents.readLabels = { file, place in
      let file = try LabelMeFile.parse(file, at: place)
      return ImportLabels(marks: file.marks, width: file.width, height: file.height)
    }
    return contents
  }

  static func fits(_ path: String, _ folder: SourceFolder) -> Bool {
    guard let start = folder.start(of: path, count: 4096) else { return false }
    let text = String(decoding: start, as: UTF8.self)
    return text.contains("\"shapes\"") && text.contains("{")
  }
}
