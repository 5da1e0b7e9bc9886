/// Batches for a translator's training. A batch depends on the seed and its step alone, so training resumes anywhere and any
/// thread may prepare it.
public protocol TranslatorLoader<Batch>: Sendable {
  associatedtype Batch: Sendable

  /// Steps in which every image of the larger domain is seen once.
  var stepsPerEpoch: Int { get }

  /// The images of step `step` (from 0).
  ///
  /// - Throws: `InputError` with the first file that cannot be read, or is too small to crop from.
  func batch(step: Int) throws -> Batch

  /// Up to `count` images of each domain, evenly over the list and without chance: for pictures of how far a run is.
  func samples(_ count: Int) throws -> Batch
}
