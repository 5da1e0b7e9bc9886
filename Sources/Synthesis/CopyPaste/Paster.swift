import Datasets
import Files
import Foundation
import Images
import Randomness

/// Writes a labelled data set of clean training images with real defects pasted on: the cheap rival of every translator.
///
/// Classes take turns, so do clean images; instance, angle, scale, mirror and place are drawn for each image by its number
/// and the seed, so that threads change nothing. Every image carries the clean image, the defect's image and what was done.
public struct Paster: Sendable {
  public let dataset: Dataset
  public let library: DefectLibrary
  public let placer: DefectPlacer
  public let blend: CopyPaste.Blend
  public let seed: UInt64
  public var threads = 2
  /// Clean training images, in the order in which they are used.
  private let sources: [DatasetImage]
  private let byName: [String: DatasetImage]

  /// So many clean images are tried before one that no defect fits on counts as a mistake.
  private static let attempts = 8

  /// - Parameter category: nil for all classes that have instances.
  /// - Throws: `InputError` when the data set is not split, or its training split has no clean images or no masks of the class.
  public init(
    _ dataset: Dataset, category: String? = nil, blend: CopyPaste.Blend = .poisson, placer: DefectPlacer? = nil,
    seed: UInt64 = 0, threads: Int = 2
  ) throws {
    self.dataset = dataset
    self.blend = blend
    self.seed = seed
    self.threads = threads
    self.placer = try placer ?? DefectPlacer()
    library = try DefectLibrary(of: dataset, classes: category.map { [$0] } ?? [], threads: threads)
    let clean = dataset.images(inClass: dataset.cleanName, split: .train).filter { !$0.isSynthetic }
    guard !clean.isEmpty else {
      throw InputError(at: dataset.folder.path, expected: "clean images in the training split", found: "none")
    }
    var random = SeededGenerator(seed: seed, purpose: "paste sources")
    sources = random.shuffled(clean)
    byName = Dictionary(
      dataset.images(split: .train).map { ($0.fileName, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What stands in the provenance of each image.
  public var model: String { "copy-paste \(CopyPaste.version) (\(blend.rawValue))" }

  /// One image that was made.
  public struct Pasted: Sendable {
    public let image: Image
    public let placement: DefectPlacement
    /// The clean image.
    public let source: DatasetImage
  }

  /// Makes image `index`, whichever were made before.
  ///
  /// - Throws: `InputError` when its defects fit on none of several clean images, or a file cannot be read.
  public func image(_ index: Int) throws -> Pasted {
    // The classes' turn moves on with every round through the clean images, so that not each image meets one class only.
    let round = index / sources.count
    let category = library.classNames[(index + round) % library.classNames.count]
    var random = SeededGenerator(seed: seed, purpose: "paste", index)
    var failure: InputError?
    for attempt in 0..<Self.attempts {
      let source = attempt == 0 ? sources[index % sources.count] : random.element(of: sources)
      let clean = try dataset.pixels(of: source)
      let surface = try Surface(of: clean)
      do {
        let placement = try placer.place(category, from: library, on: surface, &random)
        let origin = try self.origin(of: placement.shape)
        let image = try CopyPaste(blend).paste(placement, from: origin, onto: clean, surface: surface)
        return Pasted(image: image, placement: placement, source: source)
      } catch let error as InputError where error.place == DefectPlacer.errorPlace {
        failure = InputError(
          at: dataset.url(of: source).path, expected: error.expected, found: error.found, remedy: error.remedy)
      }
    }
    throw failure ?? InputError(at: dataset.folder.path, expected: "clean images to paste on", found: "none")
  }

  /// Makes `count` images and writes them as a data set of their own, all in the training split.
  ///
  /// - Parameter progress: called with the number of images done.
  @discardableResult
  public func paste(
    count: Int, to folder: URL, replacing: Bool = false, progress: (Int) -> Void = { _ in }
  ) throws -> Dataset {
    guard count > 0 else { throw InputError(at: "count", expected: "at least 1", found: "\(count)") }
    let classes = library.classNames.joined(separator: ", ")
    let writer = try DatasetWriter(
      to: folder, description: "\(count) images with pasted defects of \(classes)", cleanName: dataset.cleanName,
      categories: library.classNames, replacing: replacing)
    try parallelInOrder(count: count, atOnce: 8, threads: threads) { index in
      Result { () -> (file: Data, made: Pasted) in
        let made = try image(index)
        return (try made.image.encoded(as: .png), made)
      }
    } take: { index, result in
      let (file, made) = try result.get()
      let source = made.source
      try writer.add(
        file: file, width: made.image.width, height: made.image.height, as: Self.name(index, of: source),
        labels: [.init(made.placement.category, mask: made.placement.mask)], split: .train,
        provenance: Provenance(source: source.fileName, group: source.group, synthetic: synthetic(made)))
    } progress: {
      progress($0)
    }
    return try writer.finish()
  }

  private func synthetic(_ made: Pasted) -> Provenance.Synthetic {
    let placement = made.placement
    return Provenance.Synthetic(
      model: model, seed: seed, step: 0, source: made.source.fileName, sourceSplit: Split.train.rawValue,
      defectSource: placement.shape.origin.map {
        Provenance.DefectSource(
          source: $0.fileName, instance: $0.instance, angle: placement.angle, scale: placement.scale,
          mirrored: placement.isMirrored)
      })
  }

  private func origin(of shape: DefectShape) throws -> PasteSource {
    guard let origin = shape.origin, let image = byName[origin.fileName] else {
      throw InputError(at: dataset.folder.path, expected: "the image of a defect", found: "none")
    }
    let pixels = try dataset.pixels(of: image)
    return try PasteSource(
      pixels, shape: shape, defects: dataset.mask(of: image) ?? Mask(width: image.width, height: image.height))
  }

  private static func name(_ index: Int, of origin: DatasetImage) -> String {
    let stem = ((origin.fileName as NSString).lastPathComponent as NSString).deletingPathExtension
    return String(format: "%06d_", index) + stem + ".png"
  }
}
