import Files

/// One training of a study: an arm with a seed on a part of the data, named after everything that its outcome depends on.
///
/// A changed plan therefore never reuses a stale result, and a change that a cell does not depend on (more seeds, another
/// bootstrap, another amount of synthetic images for the arm without any) costs no training.
public struct StudyCell: Equatable, Sendable {
  /// To be raised whenever the training code changes what a recipe means.
  public static let recipeVersion = 2

  /// SHA-256 over the recipe, 64 hexadecimal digits.
  public let id: String
  public let part: StudyPart
  public let arm: StudyArm
  public let seed: Int

  init(plan: StudyPlan, part: PartPlan, arm: StudyArm, seed: Int) throws {
    self.part = part.part
    self.arm = arm
    self.seed = seed
    let settings = plan.settings
    let isSynthetic = arm.addition == .synthetic
    let images = arm.source.flatMap { part.additionHashes[$0.name] } ?? [:]
    let recipe = Recipe(
      version: Self.recipeVersion, dataset: part.datasetHash, classes: settings.classes, imageSize: settings.imageSize,
      network: settings.network.withoutPath, weights: plan.weightsHash, arm: arm, seed: seed,
      amount: arm.addition == nil ? nil : settings.synthetic,
      training: isSynthetic ? settings.translator.training : nil,
      translators: isSynthetic && !plan.translatorHashes.isEmpty ? plan.translatorHashes : nil,
      images: images.isEmpty ? nil : images)
    id = ContentHash.sha256(try JSONFile.encode(recipe))
  }

  /// Of no study: for trying out how long a training takes.
  static let trial = StudyCell()

  private init() {
    (id, part, arm, seed) = (String(repeating: "0", count: 64), StudyPart(), .real, 0)
  }

  /// Such as "synthetic, seed 1, split 2, a fraction of 0.25".
  public var title: String {
    [arm.rawValue, "seed \(seed)", part.title].filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private struct Recipe: Encodable {
    var version: Int
    var dataset: String
    var classes: [String]
    var imageSize: Int
    var network: StudyNetwork
    var weights: String?
    var arm: StudyArm
    var seed: Int
    var amount: SyntheticAmount?
    var training: TranslatorTraining?
    var translators: [String: String]?
    var images: [String: String]?
  }
}
