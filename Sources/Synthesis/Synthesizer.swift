import Datasets
import Files
import Foundation
import Images
import Randomness
import Torch

/// Writes a labelled data set of synthetic defects: clean training images, translated by a trained run.
///
/// Every image carries its source, the hash of the weights, the seed and the step. Images outside the training split are
/// never translated, and a translator that was trained on any of them is refused.
public struct Synthesizer {
  public let translator: Translator
  public let dataset: Dataset
  /// What translates images as they are, whole; nil where windows are cut as training cut them.
  private let whole: WholeTranslation?
  /// Clean training images, in the order in which they are used.
  private let sources: [DatasetImage]
  let seed: UInt64

  /// A clean image and its translation.
  struct Made {
    let origin: DatasetImage
    let clean: Image
    let pixels: Image
  }

  /// - Parameter whole: keep whole images at native scale, translated like that; nil cuts windows of the size trained on.
  /// - Throws: `InputError` when the data set is not split, has no clean training images, or the translator leaks.
  public init(_ translator: Translator, dataset: Dataset, seed: UInt64, whole: Tiling? = nil) throws {
    self.translator = translator
    self.dataset = dataset
    self.seed = seed
    self.whole = try whole.map { try WholeTranslation(translator, tiling: $0) }
    try dataset.requireSplit()
    try translator.trainingImages.checkNoLeak(into: dataset)
    var generator = SeededGenerator(seed: seed, purpose: "sources")
    sources = generator.shuffled(try dataset.cleanTrainingImages())
  }

  /// The class that the translator makes.
  public var label: String { translator.configuration.source.defectNames[0] }

  /// Makes `count` images and writes them as a data set of their own, all in the training split, each labelled as a whole.
  ///
  /// The first use of a source is its middle; further uses are random crops and flips of it. Whole images are used once as
  /// they are and once mirrored, where training mirrored them.
  /// - Parameter progress: called with the number of images done.
  /// - Throws: `InputError` for more images than whole ones can give, or files that cannot be read.
  @discardableResult
  public func synthesize(
    count: Int, to folder: URL, batchSize: Int = 16, progress: (Int) -> Void = { _ in }
  ) throws -> Dataset {
    let writer = try writer(count: count, to: folder)
    try make(count: count, batchSize: batchSize) { index, made in
      try writer.add(
        made.pixels, as: SyntheticName.file(index, of: made.origin), labels: [.init(label)], split: .train,
        provenance: provenance(of: made))
      progress(index + 1)
    }
    return try writer.finish()
  }

  func writer(count: Int, to folder: URL, replacing: Bool = false) throws -> DatasetWriter {
    guard count > 0 else { throw InputError(at: "count", expected: "at least 1", found: "\(count)") }
    if whole != nil {
      let most = sources.count * (translator.configuration.transform.flips ? 2 : 1)
      guard count <= most else {
        throw InputError(
          at: "count", expected: "at most \(most) whole images of \(sources.count) clean ones", found: "\(count)",
          remedy: "Whole images are the same each time; windows are not")
      }
    }
    return try DatasetWriter(
      to: folder, description: "\(count) synthetic images of \(label)", cleanName: dataset.cleanName,
      categories: [label], replacing: replacing)
  }

  func provenance(of made: Made) -> Provenance {
    let origin = made.origin
    let synthetic = Provenance.Synthetic(
      model: translator.modelHash, seed: seed, step: translator.step, source: origin.fileName,
      sourceSplit: Split.train.rawValue)
    return Provenance(source: origin.fileName, group: origin.group, synthetic: synthetic)
  }

  /// Makes images, some at a time, and hands them on in order.
  func make(count: Int, batchSize: Int = 16, take: (Int, Made) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: whole == nil ? batchSize : 1) {
      let range = start..<min(start + (whole == nil ? batchSize : 1), count)
      let clean = try range.map { try source($0) }
      let made =
        try whole.map { whole in try clean.map { try whole.image(of: $0.pixels) } }
        ?? translator.translate(clean.map(\.pixels))
      for (index, (source, pixels)) in zip(range, zip(clean, made)) {
        try take(index, Made(origin: source.image, clean: source.pixels, pixels: pixels))
      }
    }
  }

  private func source(_ index: Int) throws -> (image: DatasetImage, pixels: Image) {
    let image = sources[index % sources.count]
    let url = dataset.url(of: image)
    if whole != nil {
      let pixels = try translator.asSeen(Image(contentsOf: url))
      return (image, index < sources.count ? pixels : try pixels.flippedHorizontally())
    }
    let transform = translator.configuration.transform
    guard index >= sources.count else { return (image, try transform.central(url)) }
    var generator = SeededGenerator(seed: seed, purpose: "source", index)
    return (image, try transform.random(url, &generator))
  }
}
