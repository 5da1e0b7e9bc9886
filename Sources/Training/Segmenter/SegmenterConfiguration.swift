import Files
import Models

/// Everything that decides the training of a segmenter.
public struct SegmenterConfiguration: Codable, Equatable, Sendable {
  /// Channels at full size; 64 as published.
  public var width = 16
  /// Halvings.
  public var depth = 4
  public var upsampling = UNet.Upsampling.bilinear
  public var steps = 1000
  public var batchSize = 16
  public var learningRate = 1e-3
  /// Decoupled (AdamW).
  public var weightDecay = 1e-2
  /// nil for a cosine.
  public var schedule: TrainingSchedule?
  public var loss = SegmentationLoss()
  public var precision = TrainingPrecision.float32

  public init() {}

  /// - Parameters:
  ///   - size: side of the windows.
  ///   - classes: background included.
  public func check(size: Int, classes: Int) throws {
    func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
      guard holds else { throw InputError(at: "segmenter.\(key)", expected: expected, found: "\(found)") }
    }
    try require((1...512).contains(width), "width", "1 to 512", width)
    try require((1...6).contains(depth), "depth", "1 to 6", depth)
    // Of a batch of one image, batch norm needs two pixels at the smallest size.
    try require(
      size >= 2 << depth && size <= 4096, "size", "\(2 << depth) to 4096 for \(depth) halvings", size)
    try require(steps > 0, "steps", "at least 1", steps)
    try require((1...4096).contains(batchSize), "batch", "1 to 4096", batchSize)
    try require(learningRate > 0 && learningRate.isFinite, "learning-rate", "a positive number", learningRate)
    try require(weightDecay >= 0 && weightDecay.isFinite, "weight-decay", "0 or more", weightDecay)
    try require(
      [loss.crossEntropy, loss.dice].allSatisfy { $0 >= 0 && $0.isFinite } && loss.crossEntropy + loss.dice > 0,
      "loss", "factors from 0 on, not both 0", (loss.crossEntropy, loss.dice))
    try require(
      loss.classWeights.map { $0.count == classes && $0.allSatisfy { $0 >= 0 && $0.isFinite } } ?? true,
      "loss.class-weights", "\(classes) factors from 0 on", loss.classWeights ?? [])
  }
}
