import Files
import Foundation
import Randomness

/// Batches of two domains that are not paired: A in turn, B at random (Zhu et al., ICCV 2017; the reference's data set).
///
/// An epoch is as long as the larger domain, and A's order is shuffled anew in each. B is drawn with B's own length, crops
/// and flips of A and B are independent. A batch depends on the seed and its step alone, so training resumes anywhere and
/// any thread may prepare it.
public struct UnpairedLoader: Sendable {
  public struct Batch: Sendable {
    public let a: PixelBatch
    public let b: PixelBatch
  }

  public let a: [URL]
  public let b: [URL]
  public let transform: ImageTransform
  public let batchSize: Int
  public let seed: UInt64
  private let images = ScaledImages()

  /// - Throws: `InputError` when a domain is empty.
  public init(a: [URL], b: [URL], transform: ImageTransform, batchSize: Int, seed: UInt64) throws {
    guard !a.isEmpty, !b.isEmpty else {
      throw InputError(
        at: "training images", expected: "at least one of each domain", found: "\(a.count) of A and \(b.count) of B")
    }
    self.a = a
    self.b = b
    self.transform = transform
    self.batchSize = batchSize
    self.seed = seed
  }

  /// Whole batches in an epoch, at least one (which then repeats images); what does not fill one is left for the next
  /// epoch's order.
  public var stepsPerEpoch: Int { max(1, max(a.count, b.count) / batchSize) }

  /// The files of step `step` (from 0), in the batch's order.
  public func files(step: Int) -> (a: [URL], b: [URL]) {
    let epoch = step / stepsPerEpoch
    let count = max(a.count, b.count)
    var shuffling = SeededGenerator(seed: seed, purpose: "order", epoch)
    let order = shuffling.shuffled(Array(0..<count))
    var chosen: (a: [URL], b: [URL]) = ([], [])
    for index in 0..<batchSize {
      let place = (step % stepsPerEpoch) * batchSize + index
      chosen.a.append(a[order[place % count] % a.count])
      var drawing = SeededGenerator(seed: seed, purpose: "partner", step, index)
      chosen.b.append(b[drawing.int(below: b.count)])
    }
    return chosen
  }

  public func batch(step: Int) throws -> Batch {
    let files = files(step: step)
    func pixels(_ urls: [URL], _ domain: String) throws -> PixelBatch {
      PixelBatch(
        try urls.enumerated().map { index, url in
          var generator = SeededGenerator(seed: seed, purpose: domain, step, index)
          return try transform.random(of: images.image(url) { try transform.scaled(url) }, &generator)
        })
    }
    return Batch(a: try pixels(files.a, "crop of A"), b: try pixels(files.b, "crop of B"))
  }
}
