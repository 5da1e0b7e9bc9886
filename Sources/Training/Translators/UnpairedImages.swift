import Datasets
import Files
import Foundation
import Images
import Synchronization

/// The files that a translator is trained on. Making one reads every file once.
public struct UnpairedImages: Sendable {
  public let clean: FileList
  public let defect: FileList
  public let record: TrainingImages
  /// SHA-256 over names and contents.
  public let hash: String
  /// 1 when every image is grey, else 3.
  public let channels: Int

  /// Finds the training images of a source.
  ///
  /// Of a data set only its training split is ever used; one without splits is refused, because a study on it would leak.
  public init(_ source: TrainingSource) throws {
    switch source {
    case .dataset(let path, let cleanName, let defectName):
      let dataset = try Self.splitDataset(at: path, classes: [cleanName, defectName])
      try self.init(
        clean: Files(dataset, dataset.images(inClass: cleanName, split: .train)),
        defect: Files(dataset, dataset.images(inClass: defectName, split: .train)), place: path)
    case .classes(let path, let cleanName, let defects):
      let dataset = try Self.splitDataset(at: path, classes: [cleanName] + defects)
      let ids = Set(dataset.categories.filter { defects.contains($0.name) }.map(\.id))
      let defective = dataset.images(split: .train).filter { image in
        image.annotations.contains { ids.contains($0.categoryID) && $0.segmentation != nil }
      }
      try self.init(
        clean: Files(dataset, dataset.images(inClass: cleanName, split: .train)), defect: Files(dataset, defective),
        place: path)
    case .folders(let a, let b):
      func files(_ folder: String) throws -> Files {
        Files(
          list: try FileList(imagesIn: folder, expected: "a folder of images", found: "none that can be read"))
      }
      try self.init(clean: files(a), defect: files(b), place: "\(a) and \(b)")
    }
  }

  /// Files of one domain, and the groups of all of them or of none.
  private struct Files {
    let list: FileList
    var groups: [String] = []

    init(list: FileList) { self.list = list }

    /// Synthetic images are left out.
    init(_ dataset: Dataset, _ images: [DatasetImage]) {
      let real = images.filter { !$0.isSynthetic }
      list = FileList(real.map { dataset.url(of: $0) })
      groups = real.map(\.group)
    }
  }

  private static func splitDataset(at path: String, classes: [String]) throws -> Dataset {
    let dataset = try Dataset(at: URL(fileURLWithPath: path))
    for name in classes where !dataset.classNames.contains(name) {
      throw InputError(at: path, expected: "a class '\(name)'", found: dataset.classNames.joined(separator: ", "))
    }
    guard dataset.isSplit else {
      throw InputError(
        at: path, expected: "a data set with splits", found: "none", remedy: "Run `patina split \(path)` first")
    }
    return dataset
  }

  private init(clean: Files, defect: Files, place: String) throws {
    guard !clean.list.isEmpty, !defect.list.isEmpty else {
      throw InputError(
        at: place, expected: "training images of both domains",
        found: "\(clean.list.count) clean, \(defect.list.count) defective")
    }
    let (cleanEntries, cleanIsGrey) = try Self.read(clean, isGrey: true)
    let (defectEntries, isGrey) = try Self.read(defect, isGrey: cleanIsGrey)
    record = TrainingImages(clean: cleanEntries, defect: defectEntries)
    self.clean = clean.list
    self.defect = defect.list
    hash = ContentHash.sha256(try record.json())
    channels = isGrey ? 1 : 3
  }

  /// Reads and hashes files on all cores, and says whether they are all grey (or `isGrey` is false already).
  ///
  /// What a file's header does not tell is decoded, up to the first coloured image of the list.
  private static func read(_ files: Files, isGrey: Bool) throws -> (entries: [TrainingImages.Entry], isGrey: Bool) {
    let firstColoured = Atomic<Int>(isGrey ? files.list.count : -1)
    let results = parallelMap(
      count: files.list.count, threads: ProcessInfo.processInfo.activeProcessorCount
    ) { index -> Result<(entry: TrainingImages.Entry, problem: (any Error)?), any Error> in
      Result {
        let path = files.list.path(index)
        let data = try FileBytes.all(of: path)
        let image = try EncodedImage(data, at: path)
        let entry = TrainingImages.Entry(
          file: files.list[index].lastPathComponent, sha256: ContentHash.digest(data),
          group: files.groups.isEmpty ? nil : files.groups[index])
        guard index < firstColoured.load(ordering: .relaxed) else { return (entry, nil) }
        do {
          if try (image.header.jpegChannels ?? image.decoded().channels) != 1 {
            firstColoured.min(index, ordering: .relaxed)
          }
          return (entry, nil)
        } catch {
          return (entry, error)
        }
      }
    }
    let first = firstColoured.load(ordering: .relaxed)
    var entries: [TrainingImages.Entry] = []
    entries.reserveCapacity(results.count)
    for (index, result) in results.enumerated() {
      let (entry, problem) = try result.get()
      // Beyond, whether an image was decoded is a matter of time.
      if let problem, index < first { throw problem }
      entries.append(entry)
    }
    return (entries, isGrey && first == files.list.count)
  }
}

extension FileList {
  /// Image files of a folder in the order of their names; what is an image is decided by its first bytes.
  ///
  /// - Throws: `InputError` that says what was `expected` and `found` where there is no folder that can be read.
  init(imagesIn folder: String, expected: String, found: String) throws {
    let path = URL(fileURLWithPath: folder, isDirectory: true).path
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw InputError(at: folder, expected: expected, found: found)
    }
    let names = entries.sorted().filter { !$0.hasPrefix(".") }
    let all = FileList(folder: path, names: names)
    let areImages = parallelMap(count: all.count, threads: ProcessInfo.processInfo.activeProcessorCount) {
      FileBytes.first(12, of: all.path($0)).flatMap(ImageFormat.init(magicBytesOf:)) != nil
    }
    self.init(folder: path, names: zip(names, areImages).filter(\.1).map(\.0))
  }
}
