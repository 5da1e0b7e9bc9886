import Files
import Foundation
import Images
import Randomness

/// Batches of labelled images for a classifier, by step and seed alone.
public struct LabelledLoader: Sendable {
  public struct Sample: Sendable, Equatable {
    public let url: URL
    /// Index of the class; 0 is clean.
    public let label: Int

    public init(url: URL, label: Int) {
      self.url = url
      self.label = label
    }
  }

  public struct Batch: Sendable {
    public let pixels: PixelBatch
    public let labels: [Int]
  }

  /// Which samples a step takes.
  public enum Sampling: String, Codable, Sendable {
    /// Every sample once an epoch, in a new order each.
    case natural
    /// Every class equally often: rare ones are repeated.
    case balanced
  }

  public let samples: [Sample]
  public let transform: ImageTransform
  public let augmentation: Augmentation
  public let sampling: Sampling
  public let batchSize: Int
  public let seed: UInt64
  private let byClass: [(members: [Int], order: EpochOrder)]
  private let order: EpochOrder
  let images: ScaledImages

  /// - Throws: `InputError` without samples.
  public init(
    samples: [Sample], transform: ImageTransform, augmentation: Augmentation = .none, sampling: Sampling = .natural,
    batchSize: Int, seed: UInt64, images: ScaledImages = ScaledImages()
  ) throws {
    guard !samples.isEmpty else {
      throw InputError(at: "training images", expected: "at least one", found: "none")
    }
    self.samples = samples
    self.transform = transform
    self.augmentation = augmentation
    self.sampling = sampling
    self.batchSize = batchSize
    self.seed = seed
    self.images = images
    let classes = (samples.map(\.label).max() ?? 0) + 1
    byClass = (0..<classes).map { label in samples.indices.filter { samples[$0].label == label } }
      .filter { !$0.isEmpty }
      .map { ($0, EpochOrder(seed: seed, purpose: "order of \($0[0])", count: $0.count)) }
    order = EpochOrder(seed: seed, purpose: "order", count: samples.count)
  }

  /// Indices into `samples` of step `step` (from 0). Epochs run into each other, so every batch is full.
  public func indices(step: Int) -> [Int] {
    (0..<batchSize).map { index in
      let place = step * batchSize + index
      switch sampling {
      case .natural:
        return order.element(place: place)
      case .balanced:
        // Classes in turn; within a class every sample once before any comes again.
        let (members, order) = byClass[place % byClass.count]
        return members[order.element(place: place / byClass.count)]
      }
    }
  }

  public func batch(step: Int) throws -> Batch {
    let chosen = indices(step: step)
    let pixels = try chosen.enumerated().map { index, sample in
      var generator = SeededGenerator(seed: seed, purpose: "augmentation", step, index)
      return try augmentation.applied(to: image(sample), &generator)
    }
    return Batch(pixels: PixelBatch(pixels), labels: chosen.map { samples[$0].label })
  }

  /// A loader of other images that scales alike and shares what is decoded.
  public func evaluating(_ samples: [Sample]) throws -> LabelledLoader {
    try LabelledLoader(samples: samples, transform: transform, batchSize: batchSize, seed: seed, images: images)
  }

  /// The samples of a range in order, without chance.
  public func evaluationBatch(_ range: Range<Int>) throws -> Batch {
    Batch(pixels: PixelBatch(try range.map(image)), labels: range.map { samples[$0].label })
  }

  private func image(_ sample: Int) throws -> Image {
    let url = samples[sample].url
    return try images.image(url.path) { try transform.central(url) }
  }
}
