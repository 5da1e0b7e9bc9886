import Datasets
import Models
import Runs
import Training

/// What a study file says, with every default filled in.
public struct StudySettings: Codable, Equatable, Sendable {
  public var name: String
  /// What the study asks, in one sentence.
  public var question: String
  /// Folder of the data set as written in the file, relative to it.
  public var dataset: String
  /// How the data set is divided anew; nil takes its own split.
  public var splits: SplitSettings?
  /// Shares of the real training defects that there are, ascending; nil for all of them.
  public var fractions: [Double]?
  /// The class without defects.
  public var clean: String
  /// The classes to be told apart from clean, and from each other.
  public var defects: [String]
  /// Side of the square pictures that classifiers see, and the report shows, in pixels.
  public var imageSize: Int
  public var seeds: [Int]
  /// Whether fewer than five seeds are allowed, which makes the study a rehearsal.
  public var quick: Bool
  public var arms: [StudyArm]
  /// The network whose quality is the question; it decides the task.
  public var network: StudyNetwork
  /// The figure that decides, as a mean over the defect classes.
  public var primary: StudyFigure
  public var translator: TranslatorSettings
  public var synthetic: SyntheticAmount
  /// Who judges images that are made where masks say; nil for nobody.
  public var gates: StudyGates?
  /// Share of negatives that may be called positive where recall is read, in 0...1.
  public var falseAlarmRate: Double
  /// How many false alarms a missed defective image costs.
  public var missCost: Double
  public var bootstrap: BootstrapSettings
  /// The smallest difference of the primary figure that matters to the user.
  public var smallestEffect: Double

  /// The clean class, then the defects: the order of every prediction's scores.
  public var classes: [String] { [clean] + defects }

  /// Seeds below which a study is only a rehearsal.
  public static let fewestSeeds = 5
  /// The same of splits, where there are several.
  public static let fewestSplits = 3
}

/// Several divisions of one data set, each with its own training, validation and test images.
public struct SplitSettings: Codable, Equatable, Sendable {
  /// One for each.
  public var seeds: [Int]
  /// Shares of the images; they add up to 1.
  public var train: Double
  public var validation: Double
  public var test: Double
}

/// What is trained in every cell.
public enum StudyNetwork: Codable, Equatable, Sendable {
  /// Tells the classes of whole images.
  case classifier(ClassifierSettings)
  /// Tells the classes of pixels.
  case segmenter(SegmenterSettings)

  /// Optimizer steps, the same in every arm.
  public var steps: Int {
    switch self {
    case .classifier(let settings): settings.steps
    case .segmenter(let settings): settings.steps
    }
  }

  /// Images or windows in a step.
  public var batchSize: Int {
    switch self {
    case .classifier(let settings): settings.batchSize
    case .segmenter(let settings): settings.batchSize
    }
  }

  public var keep: KeptWeights {
    switch self {
    case .classifier(let settings): settings.keep ?? .last
    case .segmenter(let settings): settings.keep ?? .last
    }
  }

  /// How images that are no squares are shown to classifiers; nil for segmenters, which see them as they are.
  var fit: ImageTransform.Fit? {
    if case .classifier(let settings) = self { settings.fit } else { nil }
  }

  /// The path of weights to begin with.
  public var weights: String? {
    if case .classifier(let settings) = self { settings.weights } else { nil }
  }

  /// The same wherever its weights stand.
  var withoutPath: StudyNetwork {
    guard case .classifier(var settings) = self, settings.weights != nil else { return self }
    settings.weights = ""
    return .classifier(settings)
  }

  public var isSegmenter: Bool {
    if case .segmenter = self { true } else { false }
  }

  /// "classifier" or "segmenter".
  public var name: String { isSegmenter ? "segmenter" : "classifier" }
  /// What is measured, in order; the first decides unless the study file names another.
  public var figures: [StudyFigure] { isSegmenter ? StudyFigure.segmentation : StudyFigure.classification }

  /// Those arms that are arms of their own: where half of a segmenter's windows show a defect anyway, pasting takes
  /// oversampling's place as the cheap rival.
  func fitting(_ arms: [StudyArm]) -> [StudyArm] {
    guard case .segmenter(let settings) = self, settings.defectShare >= StudyArm.oversampledShare else { return arms }
    let others = arms.filter { $0.treatment != .oversampling }
    let pasted = StudyArm(.copyPaste)
    return others.count == arms.count || others.contains(pasted) ? others : others + [pasted]
  }

  private enum Key: String, CodingKey {
    case classifier
    case segmenter
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let settings = try container.decodeIfPresent(SegmenterSettings.self, forKey: .segmenter) {
      self = .segmenter(settings)
    } else {
      self = .classifier(try container.decode(ClassifierSettings.self, forKey: .classifier))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .classifier(let settings): try container.encode(settings, forKey: .classifier)
    case .segmenter(let settings): try container.encode(settings, forKey: .segmenter)
    }
  }
}

/// A ResNet-18 that sees whole images.
public struct ClassifierSettings: Codable, Equatable, Sendable {
  /// How an image that is no square becomes one.
  public var fit: ImageTransform.Fit
  /// Filters of its first stage.
  public var width: Int
  /// Optimizer steps, the same in every arm.
  public var steps: Int
  public var batchSize: Int
  public var learningRate: Double
  public var weightDecay: Double
  /// nil for float32.
  public var precision: TrainingPrecision?
  /// nil for a cosine.
  public var schedule: TrainingSchedule?
  /// nil for the last.
  public var keep: KeptWeights?
  /// nil for `compact`.
  public var stem: ResNet18.Stem?
  /// A safetensors file of a backbone to begin with, as written in the study file, relative to it; nil for random weights.
  public var weights: String?
}

/// Which weights of a training are tested. The steps are the same in every arm, whichever are kept.
public enum KeptWeights: String, Codable, CaseIterable, Sendable {
  /// Those after the last step.
  case last
  /// Those that are best on the validation split, looked at ten times: an early stop that costs all of the steps.
  case best
}

/// A U-Net that learns from windows at native scale and sees whole images in the end.
public struct SegmenterSettings: Codable, Equatable, Sendable {
  /// Side of the windows, in pixels.
  public var window: Int
  /// Share of the windows that show a defect for sure, in 0...1.
  public var defectShare: Double
  /// Filters at full size.
  public var width: Int
  /// Halvings.
  public var depth: Int
  /// Optimizer steps, the same in every arm.
  public var steps: Int
  public var batchSize: Int
  public var learningRate: Double
  public var weightDecay: Double
  /// nil for float32.
  public var precision: TrainingPrecision?
  /// nil for a cosine.
  public var schedule: TrainingSchedule?
  /// nil for the last.
  public var keep: KeptWeights?
}

/// Where the translators from clean to defective surfaces come from.
public struct TranslatorSettings: Codable, Equatable, Sendable {
  /// Folder of an existing training run by defect class, relative to the study file; empty when the study trains its own.
  public var runs: [String: String]
  /// How to train one; nil when runs are given.
  public var training: TranslatorTraining?
}

/// How the study trains a translator of its own.
public struct TranslatorTraining: Codable, Equatable, Sendable {
  /// The side of windows, at native scale, in which it learns to make defects just where masks say, with what helps where
  /// there are few; nil translates whole images as the classifier sees them, as published.
  public var window: Int?
  public var steps: Int
  public var batchSize: Int
  /// Filters of the generators' first layer.
  public var filters: Int
  /// Filters of the discriminators' first layer.
  public var discriminatorFilters: Int
  /// Residual blocks in each generator.
  public var blocks: Int
  public var learningRate: Double
  /// λ of the cycle loss; nil for what goes with masks.
  public var cycleWeight: Double?
  /// Weight of the identity loss, as a factor of λ.
  public var identityWeight: Double
  public var seed: Int
  /// nil for float32.
  public var precision: TrainingPrecision?
}

/// How many synthetic images each defect class gets.
public enum SyntheticAmount: Codable, Equatable, Sendable {
  /// So many for each real training image of the class.
  case ratio(Double)
  /// So many for each class.
  case count(Int)

  private enum Key: String, CodingKey {
    case ratio
    case count
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let count = try container.decodeIfPresent(Int.self, forKey: .count) {
      self = .count(count)
    } else {
      self = .ratio(try container.decode(Double.self, forKey: .ratio))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .ratio(let ratio): try container.encode(ratio, forKey: .ratio)
    case .count(let count): try container.encode(count, forKey: .count)
    }
  }

  /// Synthetic images for a class with `real` real training images, rounded to the nearest whole number.
  ///
  /// - Parameter factor: how many times as many.
  public func images(real: Int, factor: Double = 1) -> Int {
    switch self {
    case .ratio(let ratio): Int((factor * ratio * Double(real)).rounded())
    case .count(let count): Int((factor * Double(count)).rounded())
    }
  }
}

/// How the intervals are worked out.
public struct BootstrapSettings: Codable, Equatable, Sendable {
  public var replicates: Int
  /// In (0, 1).
  public var confidence: Double
  public var seed: Int
}
