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
    var masks: [(category: Int, mask: Mask)] = []
    for (category, annotations) in Dictionary(grouping: image.annotations, by: \.categoryID).sorted(by: {
      $0.key < $1.key
    }) {
      var union: Mask?
      for annotation in annotations {
        if let code = annotation.segmentation {
          let mask = code.mask
          look(at: mask, of: annotation)
          union = union?.union(mask) ?? mask
        } else if !annotation.isOfWholeImage(image.width, image.height) {
          defects.append(Defect(category: Int32(category), area: Int32(clamping: Int(min(annotation.area, 2e9)))))
        }
      }
      guard let union else { continue }
      let areas = try MaskComponents(of: union).components.map(\.area)
      defects += areas.map { Defect(category: Int32(category), area: Int32(clamping: $0)) }
      let area = areas.reduce(0, +)
      covers.append(Cover(category: Int32(category), area: Int32(clamping: area)))
      if Double(area) >= Self.allShare * Double(pixels) { oddities.append(.coversAll) }
      if let largest = areas.max(), largest <= Self.speck { oddities.append(.onlySpecks) }
      masks.append((category, union))
    }
    for (first, one) in masks.enumerated() {
      for other in masks.dropFirst(first + 1) {
        let shared = zip(one.mask.bits, other.mask.bits).reduce(0) { $0 + Int($1.0 & $1.1) }
        guard shared > 0 else { continue }
        meetings.append(
          Meeting(categories: [Int32(one.category), Int32(other.category)], pixels: Int32(clamping: shared)))
      }
    }
  }

  private mutating func look(at mask: Mask, of annotation: Annotation) {
    if abs(annotation.area - Double(mask.area)) > 0.5 { oddities.append(.otherArea) }
    guard let box = mask.boundingBox.map(Annotation.Box.init) else { return }
    // Other tools measure a box from the middle of the first pixel to that of the last.
    let isSame =
      abs(box.x - annotation.box.x) <= 1 && abs(box.y - annotation.box.y) <= 1
      && abs(box.width - annotation.box.width) <= 1.5 && abs(box.height - annotation.box.height) <= 1.5
    if !isSame { oddities.append(.otherBox) }
  }
}
