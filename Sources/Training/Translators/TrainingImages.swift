import Datasets
import Files
import Foundation

/// The images that a run was trained on, kept in its folder: what a later check for leaks compares with.
public struct TrainingImages: Codable, Equatable, Sendable {
  public static let fileName = "images.json"

  public struct Entry: Codable, Equatable, Sendable {
    public let file: String
    /// Of the file's bytes.
    public let sha256: ContentDigest
    /// The group in its data set; nil for images of a folder.
    public let group: String?
    /// Of a synthetic image, the files that it was made from; nil for a real one, and then not written.
    public let madeFrom: [String]?

    init(file: String, sha256: ContentDigest, group: String?, madeFrom: [String]? = nil) {
      self.file = file
      self.sha256 = sha256
      self.group = group
      self.madeFrom = madeFrom
    }

    private enum CodingKeys: String, CodingKey {
      case file, sha256, group
      case madeFrom = "made_from"
    }
  }

  public let clean: [Entry]
  public let defect: [Entry]

  /// The very bytes of `JSONFile.encode`, made an entry at a time: of 100 000 at once it would take 400 MB to make 16.
  func json() throws -> Data {
    try JSONFile.encode { file in
      try file.list(forKey: "clean") { for entry in clean { try file.element(entry) } }
      try file.list(forKey: "defect") { for entry in defect { try file.element(entry) } }
    }
  }

  /// Refuses all but images of the training split of `dataset`: what stands in another split, shares a group with it, or is
  /// not known to the data set at all, from which nobody could tell what it shows.
  ///
  /// - Throws: `InputError` with the first image that is none of them.
  public func checkNoLeak(into dataset: Dataset) throws {
    let held = HeldOut(dataset.images.filter { $0.split != .train })
    let allowed = Set(dataset.images(split: .train).map(\.provenance.sha256))
    for entry in clean + defect {
      guard let other = held.meeting(entry) else {
        if allowed.contains(entry.sha256.description) { continue }
        throw InputError(
          at: dataset.folder.path, expected: "a translator trained on nothing but this data set's training split",
          found: "training image \(entry.file), which is not in it",
          remedy: "Train on the training split of this very data set")
      }
      let side = other.split?.rawValue ?? "no"
      throw InputError(
        at: dataset.folder.path, expected: "a translator trained on nothing but this data set's training split",
        found: "training image \(entry.file) and \(other.fileName) of the \(side) split are the same or of one group",
        remedy: "Train on the training split of this very data set")
    }
  }

  /// Refuses a split of which anything was learned from: an image itself, one of its group, or a synthetic one made from it.
  ///
  /// Where a synthetic image comes from is told by names of files and by its group, which is that of the image it was made on.
  /// - Throws: `InputError` that says how the first such image was reached.
  public func checkHeldOut(_ dataset: Dataset, _ split: Split) throws {
    let held = HeldOut(dataset.images(split: split))
    for entry in clean + defect {
      let way: String
      if let other = held.meeting(entry) {
        way = held.isSame(entry, other) ? "which is \(other.fileName)" : "of the group of \(other.fileName)"
      } else if let source = entry.madeFrom?.first(where: held.has) {
        way = "which was made from \(source)"
      } else {
        continue
      }
      throw InputError(
        at: dataset.folder.path, expected: "a \(split.rawValue) split of which nothing was learned from",
        found: "training image \(entry.file), \(way) of that split",
        remedy: "Give another split or data set, or train on training splits of the same split")
    }
  }

  /// Images not to be learned from, to be found by content and by group.
  private struct HeldOut {
    private let hashes: [String: DatasetImage]
    private let groups: [String: DatasetImage]
    private let names: Set<String>

    init(_ images: [DatasetImage]) {
      hashes = Dictionary(images.map { ($0.provenance.sha256, $0) }, uniquingKeysWith: { first, _ in first })
      groups = Dictionary(images.map { ($0.group, $0) }, uniquingKeysWith: { first, _ in first })
      names = Set(images.map(\.fileName))
    }

    func meeting(_ entry: Entry) -> DatasetImage? {
      hashes[entry.sha256.description] ?? entry.group.flatMap { groups[$0] }
    }

    func isSame(_ entry: Entry, _ image: DatasetImage) -> Bool {
      entry.sha256.description == image.provenance.sha256
    }

    func has(_ fileName: String) -> Bool { names.contains(fileName) }
  }
}
