import Datasets
import Files
import Foundation
import Models
import Torch

/// Everything that decides a CycleGAN run. Defaults are the published ones.
public struct CycleGANConfiguration: Codable, Equatable, Sendable {
  /// Where the images of the two domains come from.
  public enum Source: Codable, Equatable, Sendable {
    /// The training split of two classes of a data set.
    case dataset(path: String, clean: String, defect: String)
    /// Two folders of images; A is clean.
    case folders(a: String, b: String)
  }

  public var source: Source
  /// SHA-256 over the names and contents of all training images: a resumed run refuses others.
  public var imagesHash: String
  public var transform: ImageTransform
  /// Filters of the generator's first convolution (ngf).
  public var filters = 64
  /// Residual blocks: 9 from 256 pixels on, 6 below.
  public var blocks = 9
  /// Filters of the discriminator's first convolution (ndf).
  public var discriminatorFilters = 64
  public var loss = CycleGANLoss()
  public var poolSize = 50
  public var batchSize = 1
  public var learningRate = 2e-4
  public var beta1 = 0.5
  public var beta2 = 0.999
  public var length = TrainingLength.reference
  public var seed: UInt64 = 0
  /// Threads of libtorch; sums depend on it in the last digit.
  public var threads: Int
  /// `cpu` or `cuda:N`.
  public var device = "cpu"
  public var precision = Precision.float32
  /// Steps between checkpoints.
  public var checkpointInterval = 500
  /// Steps between sample pictures.
  public var sampleInterval = 500

  public enum Precision: String, Codable, CaseIterable, Sendable {
    case float32 = "fp32"
    /// Convolutions in bfloat16, sums, losses and weights in float32.
    case bfloat16 = "bf16"

    var dataType: DataType { self == .float32 ? .float32 : .bfloat16 }
  }

  public init(source: Source, imagesHash: String, transform: ImageTransform, threads: Int) {
    self.source = source
    self.imagesHash = imagesHash
    self.transform = transform
    self.threads = threads
    blocks = transform.size >= 256 ? 9 : 6
  }

  /// The class names of the two domains.
  public var classNames: (clean: String, defect: String) {
    switch source {
    case .dataset(_, let clean, let defect): (clean, defect)
    case .folders: ("A", "B")
    }
  }

  /// - Throws: `InputError` that names the first setting out of its range.
  public func check() throws {
    func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
      guard holds else { throw InputError(at: key, expected: expected, found: "\(found)") }
    }
    // Three halvings and two 4×4 convolutions without room leave the discriminator one patch from 32 pixels on.
    try require(
      transform.size % 4 == 0 && (32...4096).contains(transform.size), "size", "a multiple of 4 from 32 to 4096",
      transform.size)
    try require(
      transform.loadSize.map { (transform.size...8192).contains($0) } ?? true, "load size",
      "the size \(transform.size) to 8192",
      transform.loadSize ?? 0)
    try require([1, 3].contains(transform.channels), "channels", "1 or 3", transform.channels)
    try require((1...1024).contains(filters), "filters", "1 to 1024", filters)
    try require((1...1024).contains(discriminatorFilters), "discriminator filters", "1 to 1024", discriminatorFilters)
    try require((0...64).contains(blocks), "blocks", "0 to 64", blocks)
    try require((1...4096).contains(batchSize), "batch size", "1 to 4096", batchSize)
    try require((0...100_000).contains(poolSize), "pool size", "0 to 100000", poolSize)
    try require(learningRate > 0 && learningRate.isFinite, "learning rate", "a positive number", learningRate)
    try require((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas", "0 to below 1", (beta1, beta2))
    try require(
      [loss.cleanCycle, loss.defectCycle, loss.identity].allSatisfy { $0 >= 0 && $0.isFinite }, "loss weights",
      "numbers from 0 on", (loss.cleanCycle, loss.defectCycle, loss.identity))
    try require((1...1024).contains(threads), "threads", "1 to 1024", threads)
    try require(checkpointInterval > 0 && sampleInterval > 0, "intervals", "at least 1 step", checkpointInterval)
    try length.check()
  }
}
