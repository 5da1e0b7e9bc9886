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
  /// Clean training images, in the order in which they are used.
  private let sources: [DatasetImage]
  private let seed: UInt64

  /// - Throws: `InputError` when the data set is not split, has no clean training images, or the translator leaks.
  public init(_ translator: Translator, dataset: Dataset, seed: UInt64) throws {
    self.translator = translator
    self.dataset = dataset
    self.seed = seed
    try dataset.requireSplit()
    try translator.trainingImages.checkNoLeak(into: dataset)
    var generator = SeededGenerator(seed: seed, purpose: "sources")
    sources = generator.shuffled(try dataset.cleanTrainingImages())
  }

  /// Makes `count` images and writes them as a data set of their own, all in the training split.
  ///
  /// The first use of a source is its middle; further uses are random crops and flips of it.
  /// - Parameter progress: called with the number of images done.
  @discardableResult
  public func synthesize(
    count: Int, to folder: URL, batchSize: Int = 16, progress: (Int) -> Void = { _ in }
  ) throws -> Dataset {
    guard count > 0 else { throw InputError(at: "count", expected: "at least 1", found: "\(count)") }
    let label = translator.configuration.source.defectNames[0]
    let writer = try DatasetWriter(
      to: folder, description: "\(count) synthetic images of \(label)", cleanName: dataset.cleanName,
      categories: [label])
    for start in stride(from: 0, to: count, by: batchSize) {
      let range = start..<min(start + batchSize, count)
      let clean = try range.map { try source($0).pixels }
      for (index, image) in zip(range, try translator.translate(clean)) {
        let origin = try source(index).image
        let synthetic = Provenance.Synthetic(
          model: translator.modelHash, seed: seed, step: translator.step, source: origin.fileName,
          sourceSplit: Split.train.rawValue)
        try writer.add(
          image, as: SyntheticName.file(index, of: origin), labels: [.init(label)], split: .train,
          provenance: Provenance(source: origin.fileName, group: origin.group, synthetic: synthetic))
      }
      progress(range.upperBound)
    }
    return try writer.finish()
  }

  private func source(_ index: Int) throws -> (image: DatasetImage, pixels: Image) {
    let image = sources[index % sources.count]
    let transform = translator.configuration.transform
    guard index >= sources.count else { return (image, try transform.central(dataset.url(of: image))) }
    var generator = SeededGenerator(seed: seed, purpose: "source", index)
    return (image, try transform.random(dataset.url(of: image), &generator))
  }
}
