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
    let held = dataset.images.filter { $0.split != .train }
    let hashes = Dictionary(held.map { ($0.provenance.sha256, $0) }, uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(held.map { ($0.group, $0) }, uniquingKeysWith: { first, _ in first })
    let allowed = Set(dataset.images(split: .train).map(\.provenance.sha256))
    for entry in clean + defect {
      let hash = entry.sha256.description
      guard let other = hashes[hash] ?? entry.group.flatMap({ groups[$0] }) else {
        if allowed.contains(hash) { continue }
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
}
