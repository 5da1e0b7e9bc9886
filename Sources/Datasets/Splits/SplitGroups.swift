import Files
import Foundation
import Images

/// Which images must stand on the same side of a split.
///
/// What the data set knows already (exposures of one part, windows of one image) and images with the very same file always
/// hang together; a table, a pattern or near-duplicates can only join more.
public struct SplitGroups: Sendable {
  private let dataset: Dataset
  private var sets: DisjointSets
  /// How more was joined, in words.
  public private(set) var ways: [String] = []

  public init(of dataset: Dataset) {
    self.dataset = dataset
    sets = DisjointSets(count: dataset.images.count)
    join(dataset.images.map(\.provenance.group))
    join(dataset.images.map(\.provenance.sha256))
  }

  /// One name for each image, in the order of the data set: the group of the first image that hangs together with it.
  public var names: [String] {
    var sets = sets
    return dataset.images.indices.map { dataset.images[sets.root(of: $0)].provenance.group }
  }

  /// Joins images whose keys are the same; nil is nobody's key.
  private mutating func join(_ keys: [String?]) {
    var firsts: [String: Int] = [:]
    for (index, key) in keys.enumerated() {
      guard let key else { continue }
      if let first = firsts[key] { sets.unite(first, index) } else { firsts[key] = index }
    }
  }

  /// Joins images that a table (`file,group`, a line each) puts into one group.
  ///
  /// A file is named as in the data set, or as it was before the import.
  /// - Throws: `InputError` for a line that is not of that form, and when images are missing; lines of other files do no harm.
  public mutating func join(table: URL) throws {
    let groups = try GroupTable(at: table)
    let keys = dataset.images.map { image in
      [image.fileName, image.provenance.sourceImage, image.provenance.source].compactMap { $0 }
        .lazy.compactMap { groups.groups[$0] }.first
    }
    let missing = zip(dataset.images, keys).filter { $0.1 == nil }.map(\.0.fileName)
    guard missing.isEmpty else {
      throw InputError(
        at: table.path, expected: "a line for each of \(dataset.images.count) images",
        found:
          "none for \(missing.count): \(missing.prefix(3).joined(separator: ", "))\(missing.count > 3 ? ", …" : "")",
        remedy: "Name files as in the data set's images folder or as they were imported")
    }
    join(keys)
    ways.append("groups of \(table.lastPathComponent)")
  }

  /// Joins images for whose names a pattern captures the same.
  ///
  /// - Parameter pattern: a regular expression with exactly one capture, searched for in the name within the data set.
  /// - Throws: `InputError` for a pattern that is none, has more or fewer captures, or does not match every name.
  public mutating func join(pattern: String) throws {
    let matcher = try NamePattern(pattern)
    let keys = dataset.images.map { matcher.capture(in: $0.fileName) }
    let missing = zip(dataset.images, keys).filter { $0.1 == nil }.map(\.0.fileName)
    guard missing.isEmpty else {
      throw InputError(
        at: "pattern '\(pattern)'", expected: "a match in every name",
        found: "none in \(missing.count) of \(keys.count): "
          + "\(missing.prefix(3).joined(separator: ", "))\(missing.count > 3 ? ", …" : "")")
    }
    join(keys)
    ways.append("pattern \(pattern)")
  }

  /// Joins images that show the same picture, or the same view of a part.
  ///
  /// - Returns: the number of clusters found.
  /// - Throws: `InputError` for an image that cannot be read.
  @discardableResult
  public mutating func join(
    duplicates likeness: NearDuplicates.Likeness, threads: Int = 2, progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    let clusters = try NearDuplicates(likeness, threads: threads).clusters(of: dataset, progress: progress)
    for members in clusters.map(\.members) {
      for member in members.dropFirst() { sets.unite(members[0].index, member.index) }
    }
    ways.append(likeness == .copy ? "near-duplicates" : "like views")
    return clusters.count
  }
}
