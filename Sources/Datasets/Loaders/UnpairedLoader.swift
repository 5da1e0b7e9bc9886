import Files
import Foundation
import Randomness

/// Batches of two domains that are not paired: A in turn, B at random (Zhu et al., ICCV 2017; the reference's data set).
///
/// An epoch is as long as the larger domain, and A's order is shuffled anew in each. B is drawn with B's own length, crops
/// and flips of A and B are independent. A batch depends on the seed and its step alone, so training resumes anywhere and
/// any thread may prepare it.
public struct UnpairedLoader: TranslatorLoader {
  public let a: FileList
  public let b: FileList
  public let transform: ImageTransform
  public let batchSize: Int
  public let seed: UInt64
  private let images: ScaledImages
  private let order: EpochOrder

  /// - Parameter images: what is decoded once and kept; it changes speed and never content.
  /// - Throws: `InputError` when a domain is empty.
  public init(
    a: FileList, b: FileList, transform: ImageTransform, batchSize: Int, seed: UInt64,
    images: ScaledImages = ScaledImages()
  ) throws {
    guard !a.isEmpty, !b.isEmpty else {
      throw InputError(
        at: "training images", expected: "at least one of each domain", found: "\(a.count) of A and \(b.count) of B")
    }
    self.a = a
    self.b = b
    self.images = images
    order = EpochOrder(seed: seed, purpose: "order", count: max(a.count, b.count))
    self.transform = transform
    self.batchSize = batchSize
    self.seed = seed
  }

  public init(
    a: [URL], b: [URL], transform: ImageTransform, batchSize: Int, seed: UInt64, images: ScaledImages = ScaledImages()
  ) throws {
    try self.init(
      a: FileList(a), b: FileList(b), transform: transform, batchSize: batchSize, seed: seed, images: images)
  }

  /// Whole batches in an epoch, at least one (which then repeats images); what does not fill one is left for the next
  /// epoch's order.
  public var stepsPerEpoch: Int { max(1, max(a.count, b.count) / batchSize) }

  /// Which of `a` and of `b` step `step` (from 0) takes, in the batch's order.
  public func indices(step: Int) -> (a: [Int], b: [Int]) {
    let order = order.order(epoch: step / stepsPerEpoch)
    var chosen: (a: [Int], b: [Int]) = ([], [])
    for index in 0..<batchSize {
      let place = (step % stepsPerEpoch) * batchSize + index
      chosen.a.append(Int(order[place % order.count]) % a.count)
      var drawing = SeededGenerator(seed: seed, purpose: "partner", step, index)
      chosen.b.append(drawing.int(below: b.count))
    }
    return chosen
  }

  /// The files of step `step` (from 0), in the batch's order.
  public func files(step: Int) -> (a: [URL], b: [URL]) {
    let chosen = indices(step: step)
    return (chosen.a.map { a[$0] }, chosen.b.map { b[$0] })
  }

  /// The images of step `step` (from 0): each domain [batch size, C, size, size].
  ///
  /// - Throws: `InputError` with the first file that cannot be read, or is too small to crop from.
  public func batch(step: Int) throws -> UnpairedBatch {
    let chosen = indices(step: step)
    func pixels(_ files: FileList, _ chosen: [Int], _ purpose: String) throws -> PixelBatch {
      try PixelBatch(count: batchSize, channels: transform.channels, size: transform.size) { index, planes in
        let generator = SeededGenerator(seed: seed, purpose: purpose, step, index)
        try transform.drawRandom(files.path(chosen[index]), generator, from: images, into: planes)
      }
    }
    return UnpairedBatch(a: try pixels(a, chosen.a, "crop of A"), b: try pixels(b, chosen.b, "crop of B"))
  }

  /// Their middles, as evaluation sees them.
  public func samples(_ count: Int) throws -> UnpairedBatch {
    func some(_ all: FileList) throws -> PixelBatch {
      let count = min(count, all.count)
      return PixelBatch(try (0..<count).map { try transform.central(all[$0 * all.count / count]) })
    }
    return UnpairedBatch(a: try some(a), b: try some(b))
  }
}
