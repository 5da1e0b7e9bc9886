import Files
import Foundation

/// Pascal VOC: an XML file for each image, beside it or in a folder of its own.
public struct VOCImporter: Importer {
  public static let format = "voc"
  public static let summary = "Pascal VOC: an XML file with boxes for each image"

  /// nil: Clean.
  public let clean: String?
  /// Whether images without an XML file are clean; otherwise they are left out.
  public let unlabelledIsClean: Bool
  /// Whether boxes count pixels from 1 on and include the last, as VOC has it; otherwise they are edges from 0 on.
  public let countsFromOne: Bool
  public let threads: Int

  public init(
    clean: String? = nil, unlabelledIsClean: Bool = false, countsFromOne: Bool = true, threads: Int = 2
  ) {
    self.clean = clean
    self.unlabelledIsClean = unlabelledIsClean
    self.countsFromOne = countsFromOne
    self.threads = threads
  }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    let folder = SourceFolder(source)
    let heads = try LabelHeads(
      of: listing.files(withExtension: "xml"), in: folder, kind: "XML files of Pascal VOC", threads: threads
    ) {
      let file = try VOCFile.parse($0, at: $1)
      return (file.fileName, Set(file.objects.map(\.name)))
    }
    let containers: Set = ["jpegimages", "images", "imgs", "img"]
    let splits = try Self.splits(listing, folder, containers)
    var pairs = LabelPairs(images: listing.images, containers: containers, splits: splits)
    heads.pair(into: &pairs)
    var contents = ImportContents(
      clean: clean, categories: heads.categories, items: pairs.items(unlabelledIsClean: unlabelledIsClean))
    contents.problems = pairs.problems
    contents.readLabels = { [countsFromOne] file, place in
      try VOCFile.parse(file, at: place).labels(countsFromOne: countsFromOne)
    }
    contents.notes = pairs.notes(unlabelledIsClean: unlabelledIsClean, kind: "XML file")
    return contents
  }

  /// By image, out of the lists `ImageSets/Main/train.txt`, `val.txt` and `test.txt` of names without extension.
  private static func splits(
    _ listing: FolderListing, _ folder: SourceFolder, _ containers: Set<String>
  ) throws -> [String: Split] {
    var byStem: [String: Split] = [:]
    for path in listing.files(withExtension: "txt") where path.hasSuffix("ImageSets/Main/\(path.lastComponent)") {
      guard let split = Split(folder: path.stem) else { continue }
      for (number, text) in try TextFile.lines(folder.labels(of: path), at: path) {
        if let other = byStem.updateValue(split, forKey: String(text)), other != split {
          throw InputError(
            at: "\(path): line \(number)", expected: "each image in one list", found: "'\(text)' in two")
        }
      }
    }
    let names = DatasetNames(of: listing.images, containers: containers).names
    return Dictionary(
      listing.images.compactMap { path in byStem[(names[path] ?? path).withoutExtension].map { (path, $0) } },
      uniquingKeysWith: { first, _ in first })
  }
}
