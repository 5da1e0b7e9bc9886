/// The figures of a study. Higher is better, 1 is best, and all are measured on the whole test set.
public enum StudyFigure: String, Codable, CaseIterable, Sendable {
  /// Over images.
  case averagePrecision = "average-precision"
  /// Over images, at the threshold that is best on the validation set.
  case f1
  /// The highest recall at the allowed rate of false alarms, over images.
  case recallAtFalseAlarmRate = "recall-at-false-alarm-rate"
  /// Area under the receiver operating characteristic, over images.
  case areaUnderROC = "auroc"
  /// What is saved of the cost of letting everything pass: 1 − (c·missed + false alarms) / (c·defective), over images, where a
  /// missed one costs c false alarms; at the threshold that is best on the validation set. Below 0 where nothing would be better.
  case costSaved = "cost-saved"
  /// 2·both / (called + true), of all pixels of the set taken together.
  case dice
  /// both / (called or true), of all pixels of the set taken together.
  case intersectionOverUnion = "iou"
  /// Of the outlines of all images taken together (`BoundaryCounts`).
  case boundaryF1 = "boundary-f1"
  /// Connected defects that were found, of all, and of the smallest, the middle and the largest third.
  case defectRecall = "defect-recall"
  case smallDefectRecall = "small-defect-recall"
  case middleDefectRecall = "middle-defect-recall"
  case largeDefectRecall = "large-defect-recall"

  /// Of classifiers, in order.
  public static let classification: [StudyFigure] = [
    .averagePrecision, .f1, .recallAtFalseAlarmRate, .areaUnderROC, .costSaved,
  ]
  /// Of segmenters, in order.
  public static let segmentation: [StudyFigure] = [
    .dice, .intersectionOverUnion, .boundaryF1, .defectRecall, .smallDefectRecall, .middleDefectRecall,
    .largeDefectRecall, .averagePrecision, .recallAtFalseAlarmRate, .areaUnderROC, .costSaved,
  ]

  /// Whether it is about pixels or outlines, and not about images.
  public var needsPixels: Bool { !Self.classification.contains(self) }

  /// What values there are.
  public var range: ClosedRange<Double> { self == .costSaved ? -Double.infinity...1 : 0...1 }

  /// As written in tables.
  public var title: String {
    switch self {
    case .averagePrecision: "Average precision"
    case .f1: "F1"
    case .recallAtFalseAlarmRate: "Recall at the false-alarm rate"
    case .areaUnderROC: "AUROC"
    case .costSaved: "Cost saved"
    case .dice: "Dice"
    case .intersectionOverUnion: "IoU"
    case .boundaryF1: "Boundary F1"
    case .defectRecall: "Defects found"
    case .smallDefectRecall: "Small defects found"
    case .middleDefectRecall: "Middle-sized defects found"
    case .largeDefectRecall: "Large defects found"
    }
  }
}

extension StudyFigure {
  /// As written in a sentence.
  public var inWords: String {
    switch self {
    case .f1, .areaUnderROC, .dice, .intersectionOverUnion: title
    case .boundaryF1: "boundary F1"
    default: title.lowercased()
    }
  }
}

/// What a figure speaks of. In JSON one string: `mean`, `any-defect` or `class:` and the name.
public enum FigureScope: Codable, Hashable, Sendable {
  /// The mean over the defect classes, each against all others.
  case mean
  /// Any defect at all against clean: scored by 1 minus the clean class's score.
  case anyDefect
  /// One defect class against all others.
  case defect(String)

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    switch text {
    case "mean": self = .mean
    case "any-defect": self = .anyDefect
    default:
      guard text.hasPrefix("class:") else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "'\(text)' instead of mean, any-defect or class:NAME")
      }
      self = .defect(String(text.dropFirst("class:".count)))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .mean: try container.encode("mean")
    case .anyDefect: try container.encode("any-defect")
    case .defect(let name): try container.encode("class:\(name)")
    }
  }

  /// As written in tables.
  public var title: String {
    switch self {
    case .mean: "mean over defects"
    case .anyDefect: "any defect"
    case .defect(let name): name
    }
  }
}
