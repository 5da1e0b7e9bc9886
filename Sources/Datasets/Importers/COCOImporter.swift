import Files
import Foundation
import Images

/// COCO: JSON files of boxes, outlines and run lengths beside folders of images.
///
/// Images without annotations are clean. Entries of one file name are one image. Of several JSON files each is a split if its
/// name says so (`instances_train2017.json`).
public struct COCOImporter: Importer {
  public static let format = "coco"
  public static let summary = "COCO: JSON of boxes, outlines or run lengths; an image without any is clean"

  /// nil: as the file says, else Clean.
  public let clean: String?

  public init(clean: String? = nil) { self.clean = clean }

  public func contents(of source: URL) throws -> ImportContents {
    let (folder, file) = try SourceFolder.splitting(source)
    let listing = try FolderListing(of: folder.url)
    let files = file.map { [$0] } ?? listing.files(withExtension: "json").filter { Self.fits($0, folder) }
    guard !files.isEmpty else {
      throw InputError(at: source.path, expected: "a JSON file with images, annotations and categories", found: "none")
    }
    var merged = MergedCOCO(images: SourceImages(listing.images))
    for path in files {
      // A split goes by the file's name where there are several.
      let split = files.count > 1 ? Self.split(of: path) : nil
      try merged.add(COCOFile.parse(folder.labels(of: path), at: path), at: path, split: split)
    }
    var contents = ImportContents(
      clean: clean ?? merged.cleanName, categories: merged.categories, items: merged.items())
    contents.problems = merged.problems
    contents.notes = merged.notes
    let unnamed = listing.images.count - merged.imageCount
    if unnamed > 0 { contents.notes.append("\(unnamed) images that the JSON does not name were left out") }
    return contents
  }

  /// Whether a file begins like COCO's: judged by its first kilobytes and, for those that begin otherwise, by its last.
  static func fits(_ path: String, _ folder: SourceFolder) -> Bool {
    guard let start = folder.start(of: path, count: 4096) else { return false }
    let text = String(decoding: TextFile.withoutMark(start), as: UTF8.self)
    guard text.first(where: { !$0.isWhitespace }) == "{" else { return false }
    return ["\"images\"", "\"annotations\"", "\"categories\"", "\"licenses\""].contains { text.contains($0) }
      && !text.contains("\"shapes\"")
  }

  private static func split(of path: String) -> Split? {
    let words = path.stem.lowercased().split { !$0.isLetter }
    return Set(words.compactMap { Split(folder: $0) }).count == 1 ? words.lazy.compactMap { Split(folder: $0) }.first : nil
  }
}

/// Several COCO files as one, entries of one image put together.
private struct MergedCOCO {
  private struct Entry {
    var labels: ImportLabels
    var split: Split?
    let order: Int
  }

  private let images: SourceImages
  private var entries: [String: Entry] = [:]
  private var bad: Set<String> = []
  private(set) var categories: [String] = []
  private(set) var cleanName: String?
  private(set) var problems: [ImportProblem] = []
  private var mergedEntries = 0
  private var repeatedIDs = 0

  init(images: SourceImages) { self.images = images }

  var imageCount: Int { entries.count }

  var notes: [String] {
    var notes: [String] = []
    if mergedEntries > 0 { notes.append("\(mergedEntries) entries of images named before were put together with them") }
    if repeatedIDs > 0 { notes.append("\(repeatedIDs) annotations have an id that another has; all were kept") }
    return notes
  }

  mutating func add(_ file: COCOFile, at place: String, split: Split?) throws {
    cleanName = cleanName ?? file.info?.cleanName
    var names: [Int: String] = [:]
    for kind in file.categories.sorted(by: { $0.id < $1.id }) {
      names[kind.id] = kind.name
      if !categories.contains(kind.name) { categories.append(kind.name) }
    }
    var paths: [Int: String] = [:]
    var lost: Set<Int> = []
    for picture in file.images {
      do {
        let place = "\(place): image \(picture.id)"
        guard let path = try path(of: picture, split: split, at: place) else {
          lost.insert(picture.id)
          problems.append(ImportProblem(place, "no file '\(picture.fileName)'"))
          continue
        }
        paths[picture.id] = path
        let labels = ImportLabels(marks: [], width: picture.width, height: picture.height)
        if let entry = entries[path] {
          mergedEntries += 1
          if entry.split != split || (entry.labels.width, entry.labels.height) != (labels.width, labels.height) {
            refuse(path, place, "entries that name other sizes or splits for one image")
          }
        } else {
          entries[path] = Entry(labels: labels, split: split, order: entries.count)
        }
      } catch let error as InputError {
        lost.insert(picture.id)
        problems.append(ImportProblem(error.place, "expected \(error.expected), found \(error.found)"))
      }
    }
    var ids: Set<Int> = []
    for (index, mark) in file.annotations.enumerated() {
      let place = "\(place): annotation \(mark.id ?? index + 1)"
      if let id = mark.id, !ids.insert(id).inserted { repeatedIDs += 1 }
      guard let path = paths[mark.imageID] else {
        if !lost.contains(mark.imageID) { problems.append(ImportProblem(place, "no image \(mark.imageID)")) }
        continue
      }
      guard let name = names[mark.categoryID] else {
        refuse(path, place, "no category \(mark.categoryID)")
        continue
      }
      do {
        entries[path]?.labels.marks.append(ImportMark(name, try mark.place))
      } catch let problem as RunLengthCode.Problem { refuse(path, place, problem.description) }
    }
  }

  private func path(of picture: COCOFile.Picture, split: Split?, at place: String) throws -> String? {
    do {
      return try images.path(of: picture.fileName, at: place)
    } catch let error as InputError {
      // One name in the folders of several splits: the one of this file's split is meant.
      guard let split else { throw error }
      let own = SourceImages(
        images.paths.filter { path in path.split(separator: "/").dropLast().contains { Split(folder: $0.letters) == split } })
      guard let path = try own.path(of: picture.fileName, at: place) else { throw error }
      return path
    }
  }

  /// What is wrong with one label makes all labels of its image doubtful: it is left out.
  private mutating func refuse(_ path: String, _ place: String, _ reason: String) {
    problems.append(ImportProblem(place, "\(reason); \(path) was left out"))
    bad.insert(path)
  }

  func items() -> [ImportItem] {
    let names = DatasetNames(of: Array(entries.keys), containers: ["images", "train_images"]).names
    return entries.filter { !bad.contains($0.key) }.sorted { $0.key < $1.key }.map { path, entry in
      ImportItem(path: path, fileName: names[path] ?? path, label: .labels(entry.labels), split: entry.split)
    }
  }
}

extension Substring {
  /// Its letters alone: `train2017` is `train`.
  fileprivate var letters: String { String(filter(\.isLetter)) }
}
