import Datasets
import Files
import Models

/// Everything that decides the training of a classifier.
public struct ClassifierConfiguration: Codable, Equatable, Sendable {
  /// Channels of the first stage.
  public var width = 16
  public var stem = ResNet18.Stem.compact
  public var steps = 300
  public var batchSize = 32
  public var learningRate = 1e-3
  /// Decoupled (AdamW).
  public var weightDecay = 1e-2
  /// nil for a cosine.
  public var schedule: TrainingSchedule?
  public var precision = TrainingPrecision.float32

  public init() {}

  public func check(at place: String) throws {
    func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
      guard holds else { throw InputError(at: "\(place).\(key)", expected: expected, found: "\(found)") }
    }
    try require((1...512).contains(width), "width", "1 to 512", width)
    try require(steps > 0, "steps", "at least 1", steps)
    try require((2...4096).contains(batchSize), "batch", "2 to 4096 (batch norm needs two)", batchSize)
    try require(learningRate > 0 && learningRate.isFinite, "learning-rate", "a positive number", learningRate)
    try require(weightDecay >= 0 && weightDecay.isFinite, "weight-decay", "0 or more", weightDecay)
  }
}
