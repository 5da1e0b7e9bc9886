import Files

/// Counts what a summary says of a data set, an image at a time.
struct ImportTally {
  private(set) var images = 0
  private(set) var masks = 0
  private(set) var boxes = 0
  private(set) var wholeLabels = 0
  private(set) var clean = 0
  /// Images by category; nil is the clean class.
  private(set) var categories: [Int?: Int] = [:]
  private(set) var splits: [String: Int] = [:]
  private(set) var groups: Set<String> = []
  private(set) var files = ContentTable()

  mutating func add(_ image: DatasetImage) {
    images += 1
    for annotation in image.annotations {
      if annotation.segmentation != nil {
        masks += 1
      } else if annotation.isOfWholeImage(image.width, image.height) {
        wholeLabels += 1
      } else {
        boxes += 1
      }
    }
    if image.isClean { clean += 1 }
    categories[image.largestCategory, default: 0] += 1
    if let split = image.split { splits[split.rawValue, default: 0] += 1 }
    groups.insert(image.group)
    if let digest = ContentDigest(image.provenance.sha256) { files.add(image.fileName, digest) }
  }
}
