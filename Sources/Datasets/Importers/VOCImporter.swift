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
    let files = listing.files(withExtension: "xml")
    // The names of classes must be known before the first image; what is wrong with a file is said when its image comes.
    let read = parallelMap(count: files.count, threads: threads) { index in
      (try? VOCFile.parse(folder.labels(of: files[index]), at: files[index])).map { file in
        (name: file.fileName, classes: Set(file.objects.map(\.name)))
      }
    }
    guard read.contains(where: { $0 != nil }) else {
      throw InputError(at: source.path, expected: "XML files of Pascal VOC", found: files.isEmpty ? "none" : "others")
    }
    let containers: Set = ["jpegimages", "images", "imgs", "img"]
    let splits = try Self.splits(listing, folder, containers)
    var pairs = LabelPairs(images: listing.images, containers: containers, splits: splits)
    for (file, read) in zip(files, read) { pairs.add(file, namedImage: read?.name) }
    var contents = ImportContents(
      clean: clean, categories: Set(read.compactMap { $0 }.flatMap(\.classes)).sorted(),
      items: pairs.items(unlabelledIsClean: unlabelledIsClean))
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
