/// What an import brought, for people and programs.
public struct ImportSummary: Codable, Equatable, Sendable {
  public let format: String
  public let images: Int
  public let groups: Int
  /// Images by class, the clean class included.
  public let classes: [String: Int]
  /// Images by split, where the source was split already.
  public let splits: [String: Int]
  /// Files left out.
  public let problems: [ImportProblem]
  public let notes: [String]
  /// File names of images with one and the same file.
  public let duplicates: [[String]]
  /// File names of images that show the same as another, turned or mirrored or in another file.
  public let lookalikes: [[String]]

  /// Counts what is in `set`.
  ///
  /// - Parameter lookalikes: names of images that show the same, as far as that is known.
  public init(
    of set: Dataset, format: String, problems: [ImportProblem] = [], notes: [String] = [], lookalikes: [[String]] = []
  ) {
    var classes = Dictionary(set.classNames.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    var splits: [String: Int] = [:]
    for image in set.images {
      classes[set.className(of: image), default: 0] += 1
      if let split = image.split { splits[split.rawValue, default: 0] += 1 }
    }
    let byFile = Dictionary(grouping: set.images, by: \.provenance.sha256)
    let duplicates = byFile.values.filter { $0.count > 1 }.map { $0.map(\.fileName) }.sorted { $0[0] < $1[0] }
    self.format = format
    images = set.images.count
    groups = Set(set.images.map(\.group)).count
    self.classes = classes
    self.splits = splits
    self.problems = problems
    self.notes = notes
    self.duplicates = duplicates
    self.lookalikes = lookalikes.filter { !duplicates.contains($0) }
  }
}
