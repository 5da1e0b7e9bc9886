/// What one arm of a study reached.
public struct ArmResult: Codable, Equatable, Sendable {
  /// As in the study file, for example `class-weights`.
  public var name: String
  /// As written in tables, for example `Class weights`.
  public var title: String
  public var figures: [FigureResult]
  /// Mean counts over the seeds: `confusion[true class][called class]`, called the class of the highest score.
  public var confusion: [[Double]]
  /// What its networks were trained on.
  public var trainingImages: [TrainingCount]
  /// Mean wall-clock time of one training.
  public var seconds: Double

  public init(
    name: String, title: String, figures: [FigureResult], confusion: [[Double]], trainingImages: [TrainingCount],
    seconds: Double
  ) {
    self.name = name
    self.title = title
    self.figures = figures
    self.confusion = confusion
    self.trainingImages = trainingImages
    self.seconds = seconds
  }

  public func figure(_ figure: StudyFigure, _ scope: FigureScope) -> FigureResult? {
    figures.first { $0.figure == figure && $0.scope == scope }
  }
}

/// One figure of one arm.
public struct FigureResult: Codable, Equatable, Sendable {
  public var figure: StudyFigure
  public var scope: FigureScope
  /// Mean over the seeds; nil where the figure is undefined, for example for a class without test images.
  public var value: Double?
  public var interval: Interval?
  /// In the order of the study's seeds.
  public var perSeed: [Double?]
  /// Bootstrap resamples that had no value, for example for want of a positive.
  public var undefinedReplicates: Int

  public init(
    figure: StudyFigure, scope: FigureScope, value: Double?, interval: Interval?, perSeed: [Double?],
    undefinedReplicates: Int = 0
  ) {
    self.figure = figure
    self.scope = scope
    self.value = value
    self.interval = interval
    self.perSeed = perSeed
    self.undefinedReplicates = undefinedReplicates
  }
}

/// How much higher one arm's figure is than another's, paired by seed and by test group.
public struct DifferenceResult: Codable, Equatable, Sendable {
  public var arm: String
  public var against: String
  public var figure: StudyFigure
  public var scope: FigureScope
  public var value: Double
  public var interval: Interval?
  /// In the order of the study's seeds.
  public var perSeed: [Double]
  /// Two-sided, from the bootstrap.
  public var pValue: Double?
  /// The same after Holm's correction over all arms compared with the same one by the same figure and scope.
  public var adjustedPValue: Double?
  /// Two-sided, from flipping the sign of each seed's difference; with n seeds never below 2/2ⁿ.
  public var signFlipPValue: Double?

  public init(
    arm: String, against: String, figure: StudyFigure, scope: FigureScope, value: Double, interval: Interval?,
    perSeed: [Double], pValue: Double? = nil, adjustedPValue: Double? = nil, signFlipPValue: Double? = nil
  ) {
    self.arm = arm
    self.against = against
    self.figure = figure
    self.scope = scope
    self.value = value
    self.interval = interval
    self.perSeed = perSeed
    self.pValue = pValue
    self.adjustedPValue = adjustedPValue
    self.signFlipPValue = signFlipPValue
  }
}

/// A confidence interval, bounds included.
public struct Interval: Codable, Equatable, Sendable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
