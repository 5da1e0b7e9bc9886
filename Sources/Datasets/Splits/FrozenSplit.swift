import Files
import Foundation

/// A split by the contents of its files, so that it is known again when they were renamed or imported anew.
///
/// It stands in `splits.json`; a data set that replaces another takes it over.
public struct FrozenSplit: Codable, Equatable, Sendable {
  /// SHA-256 of the files of each split, in order; a content that several files share stands there once for each.
  public let contents: [Split: [ContentDigest]]
  /// How it was made: nil where it came with the images.
  public let seed: UInt64?
  public let fractions: [Split: Double]?
  public let method: String?

  init(contents: [Split: [ContentDigest]], seed: UInt64?, fractions: [Split: Double]?, method: String?) {
    // In order, so that the same split gives the same bytes.
    self.contents = contents.mapValues { $0.sorted { $0.description < $1.description } }
    self.seed = seed
    self.fractions = fractions
    self.method = method
  }

  /// The split in which the images of `dataset` stand now.
  init(of dataset: Dataset) {
    var contents: [Split: [ContentDigest]] = [:]
    for image in dataset.images {
      guard let split = image.split, let digest = ContentDigest(image.provenance.sha256) else { continue }
      contents[split, default: []].append(digest)
    }
    self.init(contents: contents, seed: nil, fractions: nil, method: nil)
  }

  /// The frozen split of a data set; nil where there is none.
  init?(frozenAt folder: URL) throws {
    let form = try JSONFile.read(DatasetForm.Splits.self, from: folder.appendingPathComponent(DatasetForm.splits))
    guard let frozen = form.frozen else { return nil }
    self = frozen
  }

  /// Reads the split of a data set: the frozen one, or the one in which its images came.
  ///
  /// - Throws: `InputError` when the data set is none.
  public init?(at folder: URL) throws {
    if let frozen = try FrozenSplit(frozenAt: folder) {
      self = frozen
    } else {
      self = FrozenSplit(of: try Dataset(at: folder))
      if contents.isEmpty { return nil }
    }
  }

  /// The split of each content; where one content stands in several, test counts before validation and that before train.
  var places: [ContentDigest: Split] {
    var places: [ContentDigest: Split] = [:]
    for split in [Split.train, .validation, .test] { for content in contents[split] ?? [] { places[content] = split } }
    return places
  }
}
