import Files
import Foundation
import Images
import Randomness

/// The defects of the training split of a data set: each connected part of a mask, cut out.
///
/// Images of other splits, synthetic images and defects without a mask give none, so what is made of a library has seen nothing
/// that a model is tested on. Only the shapes are held; pixels stay in their files.
public struct DefectLibrary: DefectShapes {
  /// In the order of file names, then of the instances' numbers.
  public let shapes: [DefectShape]
  public let classNames: [String]
  private let byClass: [String: [Int]]
  private let place: String

  /// - Parameters:
  ///   - classes: empty for all.
  ///   - minimumArea: parts of fewer pixels are specks and left out.
  /// - Throws: `InputError` when the data set is not split, a group stands in the training split and in another one, a class
  ///   is not known, or one that was asked for (or the whole data set) has no instance.
  public init(of dataset: Dataset, classes: [String] = [], minimumArea: Int = 4, threads: Int = 2) throws {
    place = dataset.folder.path
    try dataset.requireSplit()
    let known = dataset.categories.map(\.name)
    for name in classes where !known.contains(name) {
      throw InputError(at: place, expected: "one of the classes \(known.joined(separator: ", "))", found: "'\(name)'")
    }
    let held = Dictionary(
      dataset.images.filter { $0.split != nil && $0.split != .train }.map { ($0.group, $0) },
      uniquingKeysWith: { first, _ in first })
    let images = dataset.images(split: .train).filter { !$0.isClean && !$0.isSynthetic }
    for image in images {
      guard let other = held[image.group] else { continue }
      throw InputError(
        at: place, expected: "groups that stand in one split each",
        found: "\(image.fileName) of the train and \(other.fileName) of the \(other.split?.rawValue ?? "") split",
        remedy: "Run `patina split` again")
    }
    var shapes: [DefectShape] = []
    try parallelInOrder(count: images.count, threads: threads) { index in
      Result { try Self.shapes(in: images[index], of: dataset) }
    } take: { _, found in
      shapes += try found.get().filter { $0.mask.area >= minimumArea }
    }
    let wanted = classes.isEmpty ? known : known.filter(classes.contains)
    shapes.removeAll { !wanted.contains($0.category) }
    self.shapes = shapes
    byClass = Dictionary(grouping: shapes.indices) { shapes[$0].category }
    let found = byClass
    classNames = wanted.filter { found[$0] != nil }
    let missing = classes.filter { found[$0] == nil }
    guard !shapes.isEmpty, missing.isEmpty else {
      throw InputError(
        at: place, expected: "defects with masks in the training split",
        found: missing.isEmpty ? "none" : "none of \(missing.joined(separator: ", "))",
        remedy: "Labels of whole images and boxes do not say which pixels to take")
    }
  }

  /// The defects of some of the images, of all classes as before.
  ///
  /// - Throws: `InputError` when none is left.
  public func keeping(fileNames: Set<String>) throws -> DefectLibrary {
    let kept = shapes.filter { $0.origin.map { fileNames.contains($0.fileName) } ?? false }
    guard !kept.isEmpty else {
      throw InputError(at: place, expected: "defects with masks in some images", found: "none in \(fileNames.count)")
    }
    return DefectLibrary(shapes: kept, classNames: classNames, place: place)
  }

  private init(shapes: [DefectShape], classNames: [String], place: String) {
    self.shapes = shapes
    self.classNames = classNames
    self.place = place
    byClass = Dictionary(grouping: shapes.indices) { shapes[$0].category }
  }

  /// SHA-256 over where the shapes lie and what they look like.
  public var hash: String {
    var content = Data()
    for shape in shapes {
      content += Data("\(shape.category)\n\(shape.origin.map { "\($0.fileName) \($0.box)" } ?? "")\n".utf8)
      content += Data(shape.mask.bits)
    }
    return ContentHash.sha256(content)
  }

  /// The instances of a class, in order.
  public func shapes(of category: String) -> [DefectShape] { (byClass[category] ?? []).map { shapes[$0] } }

  public func shape(of category: String, _ random: inout SeededGenerator) throws -> DefectShape {
    guard let indices = byClass[category] else {
      throw InputError(
        at: place, expected: "one of the classes \(classNames.joined(separator: ", "))", found: "'\(category)'")
    }
    return shapes[random.element(of: indices)]
  }

  /// All instances of an image; of its pixels only the box around the masks is unfolded.
  private static func shapes(in image: DatasetImage, of dataset: Dataset) throws -> [DefectShape] {
    var found: [DefectShape] = []
    var number = 0
    for category in dataset.categories {
      let codes = image.annotations.filter { $0.categoryID == category.id }.compactMap(\.segmentation)
      guard let first = codes.first, let box = codes.dropFirst().reduce(first, { $0.union($1) }).boundingBox else {
        continue
      }
      let part = mask(of: codes, within: box)
      for component in try MaskComponents(of: part).components {
        var bits = [UInt8](repeating: 0, count: component.box.width * component.box.height)
        for pixel in component.pixels {
          let (x, y) = (pixel % box.width - component.box.x, pixel / box.width - component.box.y)
          bits[y * component.box.width + x] = 1
        }
        let own = PixelBox(
          x: box.x + component.box.x, y: box.y + component.box.y, width: component.box.width,
          height: component.box.height)
        found.append(
          DefectShape(
            category: category.name, mask: Mask(width: own.width, height: own.height, bits: bits),
            origin: .init(fileName: image.fileName, group: image.group, instance: number, box: own)))
        number += 1
      }
    }
    return found
  }

  /// - Precondition: no pixel of the codes lies outside of `box`.
  private static func mask(of codes: [RunLengthCode], within box: PixelBox) -> Mask {
    var bits = [UInt8](repeating: 0, count: box.width * box.height)
    for code in codes {
      for run in code.runs {
        for pixel in run.start..<run.start + run.count {
          bits[(pixel % code.height - box.y) * box.width + pixel / code.height - box.x] = 1
        }
      }
    }
    return Mask(width: box.width, height: box.height, bits: bits)
  }
}
