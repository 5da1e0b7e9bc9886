/// What an import brought, for people and programs.
public struct ImportSummary: Codable, Equatable, Sendable {
  public let format: String
  public let images: Int
  public let groups: Int
  /// Annotations with a mask, with a box alone, and of the whole image.
  public let masks: Int
  public let boxes: Int
  public let wholeLabels: Int
  /// Images without a defect.
  public let clean: Int
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
  /// Whether the data set stood there already, made from the same files, and nothing was done.
  public internal(set) var isUpToDate = false

  /// Counts what is in `set`.
  public init(of set: Dataset, format: String) {
    let head = DatasetHead(description: set.description, cleanName: set.cleanName, categories: set.categories)
    self.init(of: head, set.images.reduce(into: ImportTally()) { $0.add($1) }, format: format)
  }

  /// - Parameter lookalikes: names of images that show the same, as far as that is known.
  init(
    of head: DatasetHead, _ tally: ImportTally, format: String, problems: [ImportProblem] = [], notes: [String] = [],
    lookalikes: [[String]] = []
  ) {
    let none = Dictionary(
      ([head.cleanName] + head.categories.map(\.name)).map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    let duplicates = tally.files.repeated
    self.format = format
    images = tally.images
    masks = tally.masks
    boxes = tally.boxes
    wholeLabels = tally.wholeLabels
    clean = tally.clean
    groups = tally.groups.count
    classes = none.merging(tally.categories.map { (head.className($0.key), $0.value) }, uniquingKeysWith: +)
    splits = tally.splits
    self.problems = problems
    self.notes = notes
    self.duplicates = duplicates
    self.lookalikes = lookalikes.filter { !duplicates.contains($0) }
  }
}
