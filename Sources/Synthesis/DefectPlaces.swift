import Datasets
import Files
import Images
import Randomness

/// Where defects shall be made: for each number a clean training image, a shape and a place on it.
///
/// Classes take turns, so do clean images; shape, angle, scale, mirror and place are drawn by the number and the seed, so that
/// threads change nothing.
public struct DefectPlaces: Sendable {
  public let dataset: Dataset
  public let shapes: any DefectShapes
  public let placer: DefectPlacer
  public let seed: UInt64
  /// Least side of the window in which a defect lies, and how far from its border; nil for the whole image.
  private let window: (size: Int, margin: Int)?
  /// Clean training images, in the order in which they are used.
  private let sources: [DatasetImage]

  /// So many clean images are tried before one that no defect fits on counts as a mistake.
  private static let attempts = 8

  /// - Parameter shapes: of the training split of `dataset`.
  /// - Throws: `InputError` when the data set is not split, or its training split has no clean images.
  public init(
    on dataset: Dataset, shapes: any DefectShapes, placer: DefectPlacer, window: (size: Int, margin: Int)?, seed: UInt64
  ) throws {
    self.dataset = dataset
    self.shapes = shapes
    self.placer = placer
    self.window = window
    self.seed = seed
    var random = SeededGenerator(seed: seed, purpose: "sources of defects")
    sources = random.shuffled(try dataset.cleanTrainingImages())
  }

  /// The clean image and the defect of image `index`, whichever were made before.
  ///
  /// - Throws: `InputError` when its defects fit on none of several clean images, or a file cannot be read.
  public func defect(_ index: Int) throws -> PlacedDefect {
    // The classes' turn moves on with every round through the clean images, so that not each image meets one class only.
    let round = index / sources.count
    let category = shapes.classNames[(index + round) % shapes.classNames.count]
    var random = SeededGenerator(seed: seed, purpose: "place of a defect", index)
    var failure: InputError?
    for attempt in 0..<Self.attempts {
      let source = attempt == 0 ? sources[index % sources.count] : random.element(of: sources)
      do {
        return try place(category, on: source, &random)
      } catch let error as InputError where error.place == DefectPlacer.errorPlace {
        failure = InputError(
          at: dataset.url(of: source).path, expected: error.expected, found: error.found, remedy: error.remedy)
      }
    }
    throw failure ?? InputError(at: dataset.folder.path, expected: "clean images for defects", found: "none")
  }

  private func place(
    _ category: String, on source: DatasetImage, _ random: inout SeededGenerator
  ) throws -> PlacedDefect {
    let clean = try dataset.pixels(of: source)
    let surface = try Surface(of: clean)
    guard let (size, margin) = window else {
      return PlacedDefect(
        source: source, clean: clean, surface: surface,
        window: PixelBox(x: 0, y: 0, width: clean.width, height: clean.height),
        placement: try placer.place(category, from: shapes, on: surface, &random))
    }
    guard clean.width >= size, clean.height >= size else {
      throw InputError(
        at: dataset.url(of: source).path, expected: "a clean image of at least \(size) × \(size) pixels",
        found: "\(clean.width) × \(clean.height)")
    }
    // Shapes keep their size: the window grows with them, up to the image.
    let (across, down) = (
      WindowSpan(clean.width, size, margin, &random), WindowSpan(clean.height, size, margin, &random)
    )
    let placement = try placer.place(
      category, from: shapes, on: surface,
      within: PixelBox(
        x: across.inner.lowerBound, y: down.inner.lowerBound, width: across.inner.count, height: down.inner.count),
      &random)
    let box = placement.box
    let (columns, rows) = (
      across.window(around: box.x..<box.x + box.width, &random),
      down.window(around: box.y..<box.y + box.height, &random)
    )
    return PlacedDefect(
      source: source, clean: clean, surface: surface,
      window: PixelBox(x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count),
      placement: placement)
  }
}
