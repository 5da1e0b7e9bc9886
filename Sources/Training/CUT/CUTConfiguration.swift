import Datasets
import Models

/// Everything that decides a run of CUT or FastCUT. Defaults are CUT's published ones.
public struct CUTConfiguration: TranslatorConfiguration {
  public var source: TrainingSource
  public var imagesHash: String
  public var transform: ImageTransform
  /// Filters of the generator's first convolution (ngf).
  public var filters = 64
  /// Residual blocks: 9 as published, 6 below 256 pixels.
  public var blocks = 9
  /// Filters of the discriminator's first convolution (ndf).
  public var discriminatorFilters = 64
  /// Whether networks blur where they halve and double, as published.
  public var antialiasing = true
  public var loss = CUTLoss.cut
  /// What conditions translation on masks, for a source of classes; nil translates whole images, as published.
  public var masks: MaskSettings?
  public var batchSize = CUTRecipe.cut.batchSize
  public var learningRate = CUTRecipe.cut.learningRate
  public var beta1 = CUTRecipe.cut.beta1
  public var beta2 = CUTRecipe.cut.beta2
  public var length: TrainingLength
  public var seed: UInt64 = 0
  public var threads: Int
  public var device = "cpu"
  public var precision = TrainingPrecision.float32
  public var checkpointInterval = 500
  public var sampleInterval = 500
  public var figures: FigureSettings?

  public init(
    source: TrainingSource, imagesHash: String, transform: ImageTransform, threads: Int, recipe: CUTRecipe = .cut
  ) {
    self.source = source
    self.imagesHash = imagesHash
    self.transform = transform
    self.threads = threads
    blocks = transform.size >= 256 ? 9 : 6
    loss = recipe.loss
    length = TrainingLength(.epochs, constant: recipe.constantEpochs, decay: recipe.decayEpochs)
    batchSize = recipe.batchSize
    learningRate = recipe.learningRate
    beta1 = recipe.beta1
    beta2 = recipe.beta2
  }

  public func check() throws {
    try checkCommon()
    // The fifth residual block is the last layer that features are taken of.
    try require((5...64).contains(blocks), "blocks", "5 to 64", blocks)
    try require(
      [loss.adversarial, loss.contrast].allSatisfy { $0 >= 0 && $0.isFinite }, "loss weights", "numbers from 0 on",
      (loss.adversarial, loss.contrast))
    try require((2...65536).contains(loss.patches), "patches", "2 to 65536", loss.patches)
    try require(loss.temperature > 0 && loss.temperature.isFinite, "temperature", "a positive number", loss.temperature)
  }

  public func networks() throws -> any DefectGenerator { try model() }

  func model() throws -> CUT {
    try CUT(
      channels: transform.channels, maskClasses: maskClasses, filters: filters, blocks: blocks,
      discriminatorFilters: discriminatorFilters,
      antialiasing: antialiasing, generator: .init(seed: seed))
  }
}
