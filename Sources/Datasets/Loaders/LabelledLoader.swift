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
  private let byClass: [[Int]]
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
  }

  /// Indices into `samples` of step `step` (from 0). Epochs run into each other, so every batch is full.
  public func indices(step: Int) -> [Int] {
    var orders: [String: [Int]] = [:]  // a batch touches one or two epochs: each is shuffled once
    func order(_ members: [Int], _ epoch: Int, _ purpose: String) -> [Int] {
      if let known = orders["\(purpose) \(epoch)"] { return known }
      var generator = SeededGenerator(seed: seed, purpose: purpose, epoch)
      let order = generator.shuffled(members)
      orders["\(purpose) \(epoch)"] = order
      return order
    }
    let all = Array(samples.indices)
    return (0..<batchSize).map { index in
      let place = step * batchSize + index
      switch sampling {
      case .natural:
        return order(all, place / samples.count, "order")[place % samples.count]
      case .balanced:
        // Classes in turn; within a class every sample once before any comes again.
        let members = byClass[place % byClass.count]
        let turn = place / byClass.count
        return order(members, turn / members.count, "order of \(members[0])")[turn % members.count]
      }
    }
  }

  public func batch(step: Int) throws -> Batch {
    let chosen = indices(step: step)
    let pixels = try chosen.enumerated().map { index, sample in
      var generator = SeededGenerator(seed: seed, purpose: "augmentation", step, index)
      let url = samples[sample].url
      return try augmentation.applied(to: images.image(url) { try transform.central(url) }, &generator)
    }
    return Batch(pixels: PixelBatch(pixels), labels: chosen.map { samples[$0].label })
  }

  /// A loader of other images that scales alike and shares what is decoded.
  public func evaluating(_ samples: [Sample]) throws -> LabelledLoader {
    try LabelledLoader(samples: samples, transform: transform, batchSize: batchSize, seed: seed, images: images)
  }

  /// The samples of a range in order, without chance.
  public func evaluationBatch(_ range: Range<Int>) throws -> Batch {
    Batch(
      pixels: PixelBatch(
        try range.map { index in
          let url = samples[index].url
          return try images.image(url) { try transform.central(url) }
        }),
      labels: range.map { samples[$0].label })
  }
}
