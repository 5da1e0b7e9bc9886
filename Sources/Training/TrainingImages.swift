import Datasets
import Files
import Foundation

/// The images that a run was trained on, kept in its folder: what a later check for leaks compares with.
public struct TrainingImages: Codable, Equatable, Sendable {
  public static let fileName = "images.json"

  public struct Entry: Codable, Equatable, Sendable {
    public let file: String
    /// Of the file's bytes.
    public let sha256: String
    /// The group in its data set; nil for images of a folder.
    public let group: String?
  }

  public let clean: [Entry]
  public let defect: [Entry]

  /// Refuses when any of these images, or one of its group, stands outside the training split of `dataset`.
  ///
  /// - Throws: `InputError` with the image and the split that it leaks into.
  public func checkNoLeak(into dataset: Dataset) throws {
    let held = dataset.images.filter { $0.split != .train }
    let hashes = Dictionary(held.map { ($0.provenance.sha256, $0) }, uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(held.map { ($0.group, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in clean + defect {
      guard let other = hashes[entry.sha256] ?? entry.group.flatMap({ groups[$0] }) else { continue }
      let side = other.split?.rawValue ?? "no"
      throw InputError(
        at: dataset.folder.path, expected: "a translator trained on nothing but this data set's training split",
        found: "training image \(entry.file) and \(other.fileName) of the \(side) split are the same or of one group",
        remedy: "Train on the training split of this very data set")
    }
  }
}
