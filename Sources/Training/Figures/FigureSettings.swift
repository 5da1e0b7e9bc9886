import Files
import Foundation

/// How like real images a translator's are, to be measured while it learns: by which features, how often, on what.
public struct FigureSettings: Codable, Equatable, Sendable {
  /// The file with the features' network, or the folder of a trained classifier.
  public var features: String
  /// SHA-256 of its weights: a resumed run refuses another.
  public var featuresHash: String
  /// Steps between two measurements.
  public var interval = 500
  /// The share of the training images that the translator does not learn from, by group: it is measured on them.
  public var heldOut = 0.25
  /// Images on either side. Where fewer real ones are held out, they are shown in several crops.
  public var images = 128
  /// Training stops after so many steps without a better checkpoint; nil never.
  public var patience: Int?

  public init(features: String, featuresHash: String) {
    self.features = features
    self.featuresHash = featuresHash
  }

  func check() throws {
    func require(_ holds: Bool, _ key: String, _ expected: String, _ found: Any) throws {
      guard holds else { throw InputError(at: key, expected: expected, found: "\(found)") }
    }
    try require(interval > 0, "figures' interval", "at least 1 step", interval)
    try require(heldOut > 0 && heldOut < 1, "held-out share", "above 0 and below 1", heldOut)
    try require(
      (SetComparison.leastImages...10_000).contains(images), "images to compare",
      "\(SetComparison.leastImages) to 10000", images)
    try require(patience.map { $0 > 0 } ?? true, "patience", "at least 1 step", patience ?? 0)
  }

  /// - Throws: `InputError` when the file is another than it was, or holds no such network.
  func network() throws -> FeatureNetwork {
    let network = try FeatureNetwork(contentsOf: URL(fileURLWithPath: features))
    guard network.hash == featuresHash else {
      throw InputError(
        at: features, expected: "the features that the run began with", found: "others", remedy: "Start a new run")
    }
    return network
  }
}
