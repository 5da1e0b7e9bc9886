import Datasets
import Files
import Foundation
import Models
import Torch

/// Everything that decides a CycleGAN run. Defaults are the published ones.
public struct CycleGANConfiguration: TranslatorConfiguration {
  public var source: TrainingSource
  /// SHA-256 over the names and contents of all training images: a resumed run refuses others.
  public var imagesHash: String
  public var transform: ImageTransform
  /// Filters of the generator's first convolution (ngf).
  public var filters = 64
  /// Residual blocks: 9 from 256 pixels on, 6 below.
  public var blocks = 9
  /// Filters of the discriminator's first convolution (ndf).
  public var discriminatorFilters = 64
  /// How often the discriminators halve an image, from 1 to 5; nil for 3 times, as published.
  public var discriminatorHalvings: Int?
  /// How generators double; nil for transposed convolutions, as published.
  public var upsampling: ResNetGenerator.Upsampling?
  /// Whether generators give what changes in an image; nil for no, as published.
  public var residual: Bool?
  public var loss = CycleGANLoss()
  public var poolSize = 50
  /// What conditions translation on masks, for a source of classes; nil translates whole images, as published.
  public var masks: MaskSettings?
  /// What the discriminators see of every image, for few images; nil shows them as they are, as published.
  public var augmentation: DiffAugment?
  /// Decay of the generators' moving averages, which are what the run keeps; nil keeps the weights, as published.
  public var average: Double?
  /// The weights that the run begins with; nil for new ones.
  public var start: StartingWeights?
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
  public var precision = TrainingPrecision.float32
  /// Steps between checkpoints.
  public var checkpointInterval = 500
  /// Steps between sample pictures.
  public var sampleInterval = 500
  public var figures: FigureSettings?

  public init(source: TrainingSource, imagesHash: String, transform: ImageTransform, threads: Int) {
    self.source = source
    self.imagesHash = imagesHash
    self.transform = transform
    self.threads = threads
    blocks = transform.size >= 256 ? 9 : 6
  }

  /// What was found to work with masks, in place of what is published: see docs/decisions.
  public mutating func setMaskDefaults() {
    (upsampling, residual, discriminatorHalvings) = (.resize, true, 1)
    (loss.cleanCycle, loss.defectCycle) = (0.2, 0.1)
  }

  public func networks() throws -> any DefectGenerator { try model() }

  func model() throws -> CycleGAN {
    try CycleGAN(
      channels: transform.channels, maskClasses: maskClasses, filters: filters, blocks: blocks,
      discriminatorFilters: discriminatorFilters, discriminatorHalvings: discriminatorHalvings ?? 3,
      upsampling: upsampling ?? .transposed,
      residual: residual ?? false, generator: Generator(seed: seed))
  }

  /// - Throws: `InputError` that names the first setting out of its range.
  public func check() throws {
    try checkCommon()
    try require(average.map { (0..<1).contains($0) } ?? true, "average", "0 to below 1", average ?? 0)
    try require(
      discriminatorHalvings.map((1...5).contains) ?? true, "discriminator's halvings", "1 to 5",
      discriminatorHalvings ?? 3)
    try require(
      start.map { ($0.residual ?? false) == (residual ?? false) } ?? true, "residual",
      "what the run had that this one begins with", residual ?? false)
    try require((0...64).contains(blocks), "blocks", "0 to 64", blocks)
    try require((0...100_000).contains(poolSize), "pool size", "0 to 100000", poolSize)
    try require(
      [loss.cleanCycle, loss.defectCycle, loss.identity].allSatisfy { $0 >= 0 && $0.isFinite }, "loss weights",
      "numbers from 0 on", (loss.cleanCycle, loss.defectCycle, loss.identity))
  }
}
