import Datasets
import Files
import Layers
import Models
import Optimizers

/// What decides a run of any translator, whatever its networks and losses are.
public protocol TranslatorConfiguration: Codable, Equatable, Sendable {
  var source: TrainingSource { get set }
  /// SHA-256 over the names and contents of all training images: a resumed run refuses others.
  var imagesHash: String { get }
  var transform: ImageTransform { get }
  /// Filters of the generator's first convolution (ngf).
  var filters: Int { get set }
  /// Residual blocks.
  var blocks: Int { get set }
  /// Filters of the discriminator's first convolution (ndf).
  var discriminatorFilters: Int { get set }
  var batchSize: Int { get set }
  var learningRate: Double { get set }
  /// Of Adam.
  var beta1: Double { get }
  var beta2: Double { get }
  var length: TrainingLength { get set }
  var seed: UInt64 { get set }
  /// Threads of libtorch; sums depend on it in the last digit.
  var threads: Int { get }
  /// `cpu` or `cuda:N`.
  var device: String { get set }
  var precision: TrainingPrecision { get set }
  /// Steps between checkpoints.
  var checkpointInterval: Int { get set }
  /// Steps between sample pictures.
  var sampleInterval: Int { get set }
  /// What conditions translation on masks; nil for translating whole images.
  var masks: MaskSettings? { get }
  /// What is measured on the way, and chooses the checkpoint; nil for nothing.
  var figures: FigureSettings? { get }

  /// The networks with their first weights.
  func networks() throws -> any DefectGenerator

  /// - Throws: `InputError` that names the first setting out of its range.
  func check() throws
}

extension TranslatorConfiguration {
  /// Classes that masks ask for; 0 without masks.
  public var maskClasses: Int { masks == nil ? 0 : source.defectNames.count }

  /// Checks what every translator has in common.
  func checkCommon() throws {
    // Three halvings and two 4×4 convolutions without room leave the discriminator one patch from 32 pixels on.
    try require(
      transform.size % 4 == 0 && (32...4096).contains(transform.size), "size", "a multiple of 4 from 32 to 4096",
      transform.size)
    try require(
      transform.loadSize.map { (transform.size...8192).contains($0) } ?? true, "load size",
      "the size \(transform.size) to 8192", transform.loadSize ?? 0)
    try require([1, 3].contains(transform.channels), "channels", "1 or 3", transform.channels)
    try require((1...4096).contains(batchSize), "batch size", "1 to 4096", batchSize)
    try require((1...1024).contains(filters), "filters", "1 to 1024", filters)
    try require((1...1024).contains(discriminatorFilters), "discriminator filters", "1 to 1024", discriminatorFilters)
    try require((0..<1).contains(beta1) && (0..<1).contains(beta2), "betas", "0 to below 1", (beta1, beta2))
    try require(learningRate > 0 && learningRate.isFinite, "learning rate", "a positive number", learningRate)
    try require((1...1024).contains(threads), "threads", "1 to 1024", threads)
    try require(checkpointInterval > 0 && sampleInterval > 0, "intervals", "at least 1 step", checkpointInterval)
    try length.check()
    try figures?.check()
    try masks?.check()
    if case .classes(_, _, let defects) = source {
      try require(masks != nil, "masks", "settings for them: the source is one of classes with masks", "none")
      try require(
        !defects.isEmpty && Set(defects).count == defects.count, "classes", "each once and at least one", defects)
      try require(transform.loadSize == nil, "load size", "none: masks are put onto images at native scale", transform)
    } else {
      try require(masks == nil, "masks", "none: the source is not one of classes with masks", "some")
    }
  }

  /// The optimizer of some networks, by the names under which its state is saved.
  func adam(_ modules: KeyValuePairs<String, any Module>) throws -> Adam {
    Adam(try NamedParameters(modules), learningRate: learningRate, beta1: beta1, beta2: beta2)
  }

  func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
    guard holds else { throw InputError(at: key, expected: expected, found: "\(found)") }
  }
}
