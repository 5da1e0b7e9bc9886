import Images

/// One image of a data set and all that is known of it; the pixels stay in its file.
public struct DatasetImage: Equatable, Sendable {
  /// From 1 on, in the order of file names.
  public let id: Int
  /// Path within the folder `images`, with "/" between parts.
  public let fileName: String
  public let width: Int
  public let height: Int
  /// Empty for a clean image.
  public let annotations: [Annotation]
  public let provenance: Provenance
  /// nil until the data set is split, or where the split leaves it out.
  public let split: Split?
  /// The group that it was joined to when the data set was split, if another than its provenance names.
  var joinedGroup: String?

  /// Images of one group never stand on two sides of a split.
  public var group: String { joinedGroup ?? provenance.group }
  public var isClean: Bool { annotations.isEmpty }
  public var isSynthetic: Bool { provenance.synthetic != nil }

  /// The pixels of one category's defects; nil where none of them has a mask.
  public func mask(ofCategory id: Int) -> Mask? {
    Self.union(annotations.filter { $0.categoryID == id })
  }

  /// The pixels of all annotations that have a mask; nil where none has.
  static func union(_ annotations: [Annotation]) -> Mask? {
    let codes = annotations.compactMap(\.segmentation)
    guard let first = codes.first else { return nil }
    return codes.dropFirst().reduce(first) { $0.union($1) }.mask
  }

  /// Of its categories, the one that covers the largest area, and the lower id where two cover the same; nil for a clean image.
  var largestCategory: Int? {
    var areas: [Int: Double] = [:]
    for annotation in annotations { areas[annotation.categoryID, default: 0] += annotation.area }
    return areas.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key
  }
}
