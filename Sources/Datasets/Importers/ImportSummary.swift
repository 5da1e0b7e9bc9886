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
  ///
  /// - Parameter lookalikes: names of images that show the same, as far as that is known.
  public init(
    of set: Dataset, format: String, problems: [ImportProblem] = [], notes: [String] = [], lookalikes: [[String]] = []
  ) {
    var classes = Dictionary(set.classNames.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
    var splits: [String: Int] = [:]
    var (masks, boxes, wholeLabels) = (0, 0, 0)
    for image in set.images {
      for annotation in image.annotations {
        if annotation.segmentation != nil {
          masks += 1
        } else if annotation.isOfWholeImage(image.width, image.height) {
          wholeLabels += 1
        } else {
          boxes += 1
        }
      }
      classes[set.className(of: image), default: 0] += 1
      if let split = image.split { splits[split.rawValue, default: 0] += 1 }
    }
    let byFile = Dictionary(grouping: set.images, by: \.provenance.sha256)
    let duplicates = byFile.values.filter { $0.count > 1 }.map { $0.map(\.fileName) }.sorted { $0[0] < $1[0] }
    self.format = format
    images = set.images.count
    self.masks = masks
    self.boxes = boxes
    self.wholeLabels = wholeLabels
    clean = set.images.count { $0.isClean }
    groups = Set(set.images.map(\.group)).count
    self.classes = classes
    self.splits = splits
    self.problems = problems
    self.notes = notes
    self.duplicates = duplicates
    self.lookalikes = lookalikes.filter { !duplicates.contains($0) }
  }
}
