import Datasets
import Images

/// The defects of a library as gates see them: a window around each, and its rim.
struct RealDefects {
  private(set) var origins: [DefectShape.Origin] = []
  /// `side` × `side`, one for each.
  private(set) var windows: [Image] = []
  /// Of those whose masks have a rim.
  private(set) var rims: [(category: String, figures: RimFigures)] = []

  /// - Throws: `InputError` when an image cannot be read.
  init(_ library: DefectLibrary, in dataset: Dataset, side: Int, threads: Int) throws {
    let byName = dataset.imagesByName(split: .train)
    let shapes = library.shapes.filter { $0.origin.map { byName[$0.fileName] != nil } ?? false }
    let files = Dictionary(grouping: shapes) { $0.origin?.fileName ?? "" }.sorted { $0.key < $1.key }
    try parallelInOrder(count: files.count, threads: threads) { index in
      Result { try Self.defects(files[index].value, of: byName[files[index].key], in: dataset, side: side) }
    } take: { _, found in
      for defect in try found.get() {
        origins.append(defect.origin)
        windows.append(defect.window)
        if let rim = defect.rim { rims.append((defect.category, rim)) }
      }
    }
  }

  private struct Defect: Sendable {
    let origin: DefectShape.Origin
    let category: String
    let window: Image
    let rim: RimFigures?
  }

  private static func defects(
    _ shapes: [DefectShape], of image: DatasetImage?, in dataset: Dataset, side: Int
  ) throws -> [Defect] {
    guard let image else { return [] }
    let pixels = try dataset.pixels(of: image)
    let all = dataset.mask(of: image) ?? Mask(width: image.width, height: image.height)
    return try shapes.compactMap { shape in
      guard let origin = shape.origin else { return nil }
      let box = origin.box
      var (own, others) = ([UInt8](repeating: 0, count: all.bits.count), all.bits)
      for y in 0..<box.height {
        for x in 0..<box.width where shape.mask.bits[y * box.width + x] != 0 {
          let pixel = (box.y + y) * image.width + box.x + x
          (own[pixel], others[pixel]) = (1, 0)
        }
      }
      return Defect(
        origin: origin, category: shape.category,
        window: try DefectWindow.image(of: pixels, around: box, side: side),
        rim: try RimFigures(
          of: pixels, mask: Mask(width: image.width, height: image.height, bits: own), box: box,
          others: Mask(width: image.width, height: image.height, bits: others)))
    }
  }
}
