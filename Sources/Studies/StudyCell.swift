import Files

/// One training of a study: an arm with a seed, named after everything that its outcome depends on.
///
/// A changed plan therefore never reuses a stale result, and a change that a cell does not depend on (more seeds, another
/// bootstrap, another amount of synthetic images for the arm without any) costs no training.
public struct StudyCell: Equatable, Sendable {
  /// To be raised whenever the training code changes what a recipe means.
  public static let recipeVersion = 1

  /// SHA-256 over the recipe, 64 hexadecimal digits.
  public let id: String
  public let arm: StudyArm
  public let seed: Int

  init(plan: StudyPlan, arm: StudyArm, seed: Int) throws {
    self.arm = arm
    self.seed = seed
    let settings = plan.settings
    let isSynthetic = arm.addition == .synthetic
    let images = arm.addition.flatMap { plan.additionHashes[$0.rawValue] } ?? [:]
    let recipe = Recipe(
      version: Self.recipeVersion, dataset: plan.datasetHash, classes: settings.classes, imageSize: settings.imageSize,
      classifier: settings.classifier, arm: arm, seed: seed, amount: arm.addition == nil ? nil : settings.synthetic,
      training: isSynthetic ? settings.translator.training : nil,
      translators: isSynthetic && !plan.translatorHashes.isEmpty ? plan.translatorHashes : nil,
      images: images.isEmpty ? nil : images)
    id = ContentHash.sha256(try JSONFile.encode(recipe))
  }

  private struct Recipe: Encodable {
    var version: Int
    var dataset: String
    var classes: [String]
    var imageSize: Int
    var classifier: ClassifierSettings
    var arm: StudyArm
    var seed: Int
    var amount: SyntheticAmount?
    var training: TranslatorTraining?
    var translators: [String: String]?
    var images: [String: String]?
  }
}
