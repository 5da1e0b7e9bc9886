/// What the doctor looks for. The raw value is the check's name everywhere: on the command line, in JSON and in documents.
///
/// The order is that of examination: cheap before dear, and what makes other checks meaningless first.
public enum Check: String, CaseIterable, Sendable {
  // Data
  case files
  case copies
  case copiesAcrossSplits = "copies-across-splits"
  case labels
  case masks
  case outliers
  case shortcut
  case adversarialValidation = "adversarial-validation"

  // Skeleton: a network with a loss and an optimizer
  case networkInput = "network-input"
  case sameSeed = "same-seed"
  case lossAtInitialisation = "loss-at-initialisation"
  case classPrior = "class-prior"
  case evaluationMode = "evaluation-mode"
  case sampleDependency = "sample-dependency"
  case parametersMove = "parameters-move"
  case updateRatio = "update-ratio"
  case wholeSet = "whole-set"
  case overfitOneBatch = "overfit-one-batch"
  case inputIndependent = "input-independent"
  case dumbBaselines = "dumb-baselines"
  case capacity

  // Skeleton of a translator
  case lossTerms = "loss-terms"
  case pairs
  case crops
  case borders
  case weightAverage = "weight-average"
  case outputs
  case overfitCycle = "overfit-cycle"

  // A training that was begun
  case settings
  case finiteLosses = "finite-losses"
  case discriminatorBalance = "discriminator-balance"
  case modeCollapse = "mode-collapse"
  case colourInversion = "colour-inversion"
  case identityGenerator = "identity-generator"
  case steganography
  case outsideMask = "outside-mask"
  case memorisation
  case filmStrip = "film-strip"
  case generalisation

  // A study
  case leaks
  case equalBudgets = "equal-budgets"
  case repetitions
  case headroom
  case placebo
  case syntheticImages = "synthetic-images"
}

extension Check {
  /// What a check is.
  struct Description: Sendable {
    let stage: String
    let title: String
    /// When it passes.
    let rule: String
    let source: String
    /// What to try when it does not pass, unless the finding knows better.
    let advice: String

    init(_ stage: String, _ title: String, rule: String, source: String, advice: String) {
      self.stage = stage
      self.title = title
      self.rule = rule
      self.source = source
      self.advice = advice
    }
  }

  public var stage: String { description.stage }
  public var title: String { description.title }
  public var rule: String { description.rule }
  public var source: String { description.source }
  public var advice: String { description.advice }

  static let recipe = "Karpathy, A Recipe for Training Neural Networks (2019)"
  static let cycleGAN = "Zhu et al., ICCV 2017 (arXiv 1703.10593)"
}
