import Files
import Foundation
import Images
import Randomness

/// Batches for a translator that is told where and of which class a defect shall be: windows of clean images (A) with masks
/// put onto them, and windows of defective images (B) with their own masks, at native scale.
///
/// A is taken in turn, in an order that is shuffled anew in each epoch, and its class drawn evenly. Of B first the class is
/// drawn evenly, then the image, then a defect of it, and the window lies anywhere around that. So rare classes are as
/// frequent as common ones.
///
/// A discriminator sees masks behind images. Were A's masks of another kind than B's (turned, all within the window, drawn), it
/// would tell fakes by their masks, and no generator could learn from it: so A has masks of other windows of B.
public struct MaskedLoader: TranslatorLoader {
  /// Where the masks on clean windows come from.
  public enum CleanMasks: Sendable {
    /// Each is the mask of some window of a defective image, just as it lies there.
    case windows
    /// Single shapes, put anywhere.
    case placed(any DefectShapes, DefectPlacer)
  }

  /// A defective image, and where its defects of one class lie.
  private struct Source {
    let image: DatasetImage
    let boxes: [PixelBox]
  }

  public let classNames: [String]
  public let transform: ImageTransform
  public let batchSize: Int
  public let seed: UInt64
  /// Pixels over which masks fall to 0.
  public let feather: Double

  private let dataset: Dataset
  private let clean: FileList
  private let cleanMasks: CleanMasks
  private let images: ScaledImages
  private let order: EpochOrder
  private let epochLength: Int
  /// For each class its images.
  private let sources: [[Source]]
  private let categoryIDs: [Int]
  /// The classes of which there are images and shapes.
  private let labels: [Int]

  /// Windows tried for one that shows enough of the surface.
  private static let trials = 16

  /// - Parameters:
  ///   - clean: files of clean images.
  ///   - library: defects of `dataset`'s training split.
  ///   - classNames: of the masks' planes, in order.
  /// - Throws: `InputError` when there is no clean image, or the transform is not at native scale.
  public init(
    clean: FileList, dataset: Dataset, library: DefectLibrary, classNames: [String],
    cleanMasks: CleanMasks = .windows, transform: ImageTransform, feather: Double, batchSize: Int, seed: UInt64,
    images: ScaledImages = ScaledImages()
  ) throws {
    guard !clean.isEmpty else {
      throw InputError(at: "training images", expected: "at least one clean image", found: "none")
    }
    guard transform.loadSize == nil else {
      throw InputError(
        at: "load size", expected: "none: masks are put onto images at native scale",
        found: "\(transform.loadSize ?? 0)")
    }
    self.clean = clean
    self.dataset = dataset
    self.cleanMasks = cleanMasks
    self.transform = transform
    self.feather = feather
    self.batchSize = batchSize
    self.seed = seed
    self.images = images
    self.classNames = classNames
    let byName = dataset.imagesByName()
    sources = classNames.map { name in
      let boxes = Dictionary(grouping: library.shapes(of: name).compactMap(\.origin)) { $0.fileName }
      return boxes.sorted { $0.key < $1.key }.compactMap { file, origins in
        byName[file].map { Source(image: $0, boxes: origins.map(\.box)) }
      }
    }
    categoryIDs = classNames.map { name in dataset.categories.first { $0.name == name }?.id ?? 0 }
    let drawable =
      switch cleanMasks {
      case .windows: Set(classNames)
      case .placed(let shapes, _): Set(shapes.classNames)
      }
    labels = sources.indices.filter { [sources, classNames] in
      !sources[$0].isEmpty && drawable.contains(classNames[$0])
    }
    guard !labels.isEmpty else {
      throw InputError(
        at: dataset.folder.path, expected: "images and masks of at least one class",
        found: "none of \(classNames.joined(separator: ", "))")
    }
    epochLength = max(clean.count, sources.reduce(0) { $0 + $1.count })
    order = EpochOrder(seed: seed, purpose: "order", count: epochLength)
  }

  public var stepsPerEpoch: Int { max(1, epochLength / batchSize) }

  public func batch(step: Int) throws -> UnpairedBatch {
    let order = order.order(epoch: step / stepsPerEpoch)
    return try batch(of: batchSize) { index in
      let place = (step % stepsPerEpoch) * batchSize + index
      let file = Int(order[place % epochLength]) % clean.count
      var drawing = SeededGenerator(seed: seed, purpose: "window of A", step, index)
      let a = try cleanWindow(file, &drawing)
      drawing = SeededGenerator(seed: seed, purpose: "window of B", step, index)
      return (a, try defectWindow(nil, &drawing))
    }
  }

  /// Windows in the middle of clean images with one mask each, and around the first defects of defective ones, not mirrored.
  public func samples(_ count: Int) throws -> UnpairedBatch {
    var unmirrored = self
    unmirrored.isMirroring = false
    let count = min(count, clean.count)
    return try batch(of: count) { index in
      var drawing = SeededGenerator(seed: 0, purpose: "sample", index)
      let label = labels[index % labels.count]
      let own = sources[label]
      let a = try unmirrored.cleanWindow(index * clean.count / count, label: label, &drawing)
      let source = own[index / labels.count * own.count / ((count + labels.count - 1) / labels.count)]
      return (a, try unmirrored.window(around: source.boxes[0], in: source.image, &drawing))
    }
  }

  private var isMirroring = true

  /// A square window's pixels [C, size, size] and its soft masks [classes, size, size].
  private struct Window {
    let image: Image
    let planes: [Float]
  }

  private func batch(of count: Int, _ make: (Int) throws -> (a: Window, b: Window)) throws -> UnpairedBatch {
    let windows = try (0..<count).map(make)
    let shape = [count, classNames.count, transform.size, transform.size]
    return UnpairedBatch(
      a: PixelBatch(windows.map(\.a.image)), b: PixelBatch(windows.map(\.b.image)),
      masks: (
        PixelBatch(values: windows.flatMap(\.a.planes), shape: shape),
        PixelBatch(values: windows.flatMap(\.b.planes), shape: shape)
      ))
  }

  /// A window of a clean image, and a mask on its surface.
  private func cleanWindow(_ file: Int, label: Int? = nil, _ random: inout SeededGenerator) throws -> Window {
    let label = label ?? random.element(of: labels)
    let image = try decoded(clean.path(file))
    var refusal: InputError?
    for _ in 0..<Self.trials {
      let window = try mirrored(crop(image, &random), random.bool())
      do {
        return Window(image: window, planes: try cleanPlanes(label, on: Surface(of: window), &random))
      } catch let error as InputError where error.place == DefectPlacer.errorPlace {
        refusal = error
      }
    }
    throw InputError(
      at: clean.path(file), expected: refusal?.expected ?? "a surface", found: refusal?.found ?? "none",
      remedy: "Take larger images, or smaller scales")
  }

  private func cleanPlanes(_ label: Int, on surface: Surface, _ random: inout SeededGenerator) throws -> [Float] {
    switch cleanMasks {
    case .windows:
      let planes = try defectWindow(label, &random).planes
      // Beside the surface there is nothing that could be defective.
      let beside = (0..<transform.size).filter { !surface.shows(column: $0) }
      let isBeside = stride(from: 0, to: planes.count, by: transform.size).contains { row in
        beside.contains { planes[row + $0] > 0 }
      }
      guard !isBeside else {
        throw InputError(
          at: DefectPlacer.errorPlace, expected: "a surface where masks of \(classNames[label]) lie",
          found: "dark columns there")
      }
      return planes
    case .placed(let shapes, let placer):
      let placement = try placer.place(classNames[label], from: shapes, on: surface, &random)
      return try planes { $0 == label ? placement.mask : nil }
    }
  }

  private func defectWindow(_ label: Int?, _ random: inout SeededGenerator) throws -> Window {
    let source = random.element(of: sources[label ?? random.element(of: labels)])
    return try window(around: random.element(of: source.boxes), in: source.image, &random)
  }

  /// A window that holds a box; where it is larger, one within the box.
  private func window(
    around box: PixelBox, in image: DatasetImage, _ random: inout SeededGenerator
  ) throws -> Window {
    let pixels = try decoded(dataset.url(of: image).path)
    func start(_ from: Int, _ length: Int, _ side: Int) -> Int {
      let ends = [from, from + length - transform.size].map { min(max($0, 0), side - transform.size) }
      let (low, high) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
      return low + random.int(below: high - low + 1)
    }
    let part = PixelBox(
      x: start(box.x, box.width, pixels.width), y: start(box.y, box.height, pixels.height), width: transform.size,
      height: transform.size)
    let isMirrored = random.bool()
    return Window(
      image: try mirrored(pixels.cropped(to: part), isMirrored),
      planes: try planes { label in
        guard let mask = image.mask(ofCategory: categoryIDs[label])?.cropped(to: part) else { return nil }
        return isMirrored && flips ? try mask.flippedHorizontally() : mask
      })
  }

  private var flips: Bool { transform.flips && isMirroring }

  private func mirrored(_ image: Image, _ isMirrored: Bool) throws -> Image {
    isMirrored && flips ? try image.flippedHorizontally() : image
  }

  /// The planes of all classes, one after another.
  private func planes(_ mask: (Int) throws -> Mask?) throws -> [Float] {
    try classNames.indices.flatMap { label in
      try mask(label)?.feathered(by: feather) ?? [Float](repeating: 0, count: transform.size * transform.size)
    }
  }

  private func decoded(_ path: String) throws -> Image {
    try images.image(path) { try transform.scaled(EncodedImage(contentsOf: path)) }
  }

  private func crop(_ image: Image, _ random: inout SeededGenerator) -> Image {
    let part = PixelBox(
      x: isMirroring ? random.int(below: image.width - transform.size + 1) : (image.width - transform.size) / 2,
      y: isMirroring ? random.int(below: image.height - transform.size + 1) : (image.height - transform.size) / 2,
      width: transform.size, height: transform.size)
    return image.cropped(to: part)
  }
}
