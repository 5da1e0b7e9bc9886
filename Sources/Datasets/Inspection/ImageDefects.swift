import Images

/// The defects of one image: how large, of which class, which classes share pixels, and what is odd about their masks.
struct ImageDefects: Sendable, Equatable {
  struct Defect: Sendable, Equatable {
    let category: Int32
    /// Pixels of the mask's part, or of the box.
    let area: Int32
  }

  /// Pixels that the defects of one category cover.
  struct Cover: Sendable, Equatable {
    let category: Int32
    let area: Int32
  }

  /// Pixels that two categories share; the lower id first.
  struct Meeting: Sendable, Equatable {
    let categories: [Int32]
    let pixels: Int32
  }

  /// Something that a mask or box should not be.
  enum Oddity: UInt8, Sendable {
    /// The mask covers nearly all of the image, as when clean and defective were swapped.
    case coversAll
    /// The stored area is not that of the mask.
    case otherArea
    /// The stored box is not that around the mask.
    case otherBox
    /// Nothing but specks of a few pixels.
    case onlySpecks
  }

  private(set) var defects: [Defect] = []
  private(set) var covers: [Cover] = []
  private(set) var meetings: [Meeting] = []
  private(set) var oddities: [Oddity] = []

  /// The most pixels that a speck has.
  static let speck = 3
  /// From this share of the image on, a mask "covers all".
  static let allShare = 0.95

  init(of image: DatasetImage) throws {
    guard !image.isClean else { return }
    let pixels = image.width * image.height
    var codes: [(category: Int, code: RunLengthCode)] = []
    let byCategory = Dictionary(grouping: image.annotations, by: \.categoryID).sorted { $0.key < $1.key }
    for (category, annotations) in byCategory {
      for annotation in annotations {
        if let code = annotation.segmentation {
          look(at: code, of: annotation)
        } else if !annotation.isOfWholeImage(image.width, image.height) {
          let area = Int32(min(max(1, annotation.area), 2e9))
          defects.append(Defect(category: Int32(clamping: category), area: area))
        }
      }
      let runs = annotations.compactMap(\.segmentation).flatMap(\.runs)
      guard !runs.isEmpty else { continue }
      let union = try RunLengthCode(width: image.width, height: image.height, runs: runs)
      let areas = try MaskComponents(of: union.mask).components.map(\.area)
      defects += areas.map { Defect(category: Int32(clamping: category), area: Int32(clamping: $0)) }
      covers.append(Cover(category: Int32(clamping: category), area: Int32(clamping: union.area)))
      if Double(union.area) >= Self.allShare * Double(pixels) { oddities.append(.coversAll) }
      if let largest = areas.max(), largest <= Self.speck { oddities.append(.onlySpecks) }
      codes.append((category, union))
    }
    for (first, one) in codes.enumerated() {
      for other in codes.dropFirst(first + 1) {
        let shared = one.code.area + other.code.area - one.code.union(other.code).area
        guard shared > 0 else { continue }
        meetings.append(
          Meeting(
            categories: [Int32(clamping: one.category), Int32(clamping: other.category)],
            pixels: Int32(clamping: shared)))
      }
    }
  }

  private mutating func look(at code: RunLengthCode, of annotation: Annotation) {
    if abs(annotation.area - Double(code.area)) > 0.5 { oddities.append(.otherArea) }
    guard let box = code.boundingBox.map(Annotation.Box.init) else { return }
    // Other tools measure a box from the middle of the first pixel to that of the last.
    let isSame =
      abs(box.x - annotation.box.x) <= 1 && abs(box.y - annotation.box.y) <= 1
      && abs(box.width - annotation.box.width) <= 1.5 && abs(box.height - annotation.box.height) <= 1.5
    if !isSame { oddities.append(.otherBox) }
  }
}
