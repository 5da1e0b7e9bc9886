import Files
import Foundation

/// YOLO: a text file of boxes or outlines for each image, names of classes in `data.yaml`.
///
/// An image whose text file is empty, or that has none, is clean.
public struct YOLOImporter: Importer {
  public static let format = "yolo"
  public static let summary = "YOLO: a text file of boxes or outlines for each image; none or an empty one: clean"

  /// Names of the classes 0, 1, …; nil: those of data.yaml or classes.txt.
  public let classes: [String]?
  /// nil: Clean.
  public let clean: String?
  public let threads: Int

  public init(classes: [String]? = nil, clean: String? = nil, threads: Int = 2) {
    self.classes = classes
    self.clean = clean
    self.threads = threads
  }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    let folder = SourceFolder(source)
    guard !listing.images.isEmpty else {
      throw InputError(at: source.path, expected: "images with text files", found: "no images")
    }
    let description = try Self.description(in: listing, folder)
    let files = Self.labelFiles(in: listing)
    guard !files.isEmpty else {
      throw InputError(at: source.path, expected: "a text file of labels for at least one image", found: "none")
    }
    let given = try classes ?? description?.names ?? Self.nameFile(in: listing, folder)
    let names = try given ?? numbered(files, folder)
    let splits = FolderSplits(of: listing.images, named: description?.splits ?? [:])
    var pairs = LabelPairs(
      images: listing.images, containers: ["images"], splits: splits.byImage, splitsAreFolders: true)
    for file in files { pairs.add(file, namedImage: nil) }

    var contents = ImportContents(clean: clean, categories: names, items: pairs.items(unlabelledIsClean: true))
    contents.problems = pairs.problems
    contents.notes = pairs.notes(unlabelledIsClean: true, kind: "text file")
    if let note = splits.note { contents.notes.append(note) }
    if given == nil { contents.notes.append("No data.yaml and no classes.txt: classes are numbered (--classes names them)") }
    contents.readLabels = { file, place in
      ImportLabels(
        marks: try YOLOFile.parse(file, at: place).objects.map { object in
          guard object.classID < names.count else {
            throw InputError(at: place, expected: "classes 0 to \(names.count - 1)", found: "\(object.classID)")
          }
          return ImportMark(names[object.classID], object.place)
        })
    }
    return contents
  }

  /// The text files named as an image is.
  static func labelFiles(in listing: FolderListing) -> [String] {
    let stems = Set(listing.images.map(\.stem))
    return listing.files(withExtension: "txt").filter { stems.contains($0.stem) }
  }

  /// The nearest YAML file that names classes.
  static func description(in listing: FolderListing, _ folder: SourceFolder) throws -> YOLODescription? {
    let files = (listing.files(withExtension: "yaml") + listing.files(withExtension: "yml")).filter { path in
      folder.start(of: path, count: 1 << 20).map { String(decoding: $0, as: UTF8.self).contains("names") } ?? false
    }
    func depth(_ path: String) -> Int { path.count { $0 == "/" } }
    let nearest = files.min { one, other in
      (depth(one), one.stem == "data" ? 0 : 1, one) < (depth(other), other.stem == "data" ? 0 : 1, other)
    }
    return try nearest.map { try YOLODescription.parse(folder.labels(of: $0), at: $0) }
  }

  static func nameFile(in listing: FolderListing, _ folder: SourceFolder) throws -> [String]? {
    let lists = listing.files(withExtension: "txt").filter { $0.lastComponent == "classes.txt" }
    let path = (lists + listing.files(withExtension: "names")).first
    return try path.map { try YOLODescription.names(folder.labels(of: $0), at: $0) }
  }

  /// Names for all numbers that occur.
  private func numbered(_ files: [String], _ folder: SourceFolder) throws -> [String] {
    let highest = parallelMap(count: files.count, threads: threads) { index in
      (try? YOLOFile.parse(folder.labels(of: files[index]), at: files[index]))?.objects.map(\.classID).max()
    }
    // With no object at all there is still one class: a data set of clean images alone.
    return (0...(highest.compactMap { $0 }.max() ?? 0)).map { "class_\($0)" }
  }
}
