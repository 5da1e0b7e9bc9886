/// The figures of a study. All are in 0...1, higher is better, and are measured on the whole test set.
public enum StudyFigure: String, Codable, CaseIterable, Sendable {
  case averagePrecision = "average-precision"
  /// At the threshold that is best on the validation set.
  case f1
  /// The highest recall at the allowed rate of false alarms.
  case recallAtFalseAlarmRate = "recall-at-false-alarm-rate"
  /// Area under the receiver operating characteristic.
  case areaUnderROC = "auroc"

  /// As written in tables.
  public var title: String {
    switch self {
    case .averagePrecision: "Average precision"
    case .f1: "F1"
    case .recallAtFalseAlarmRate: "Recall at the false-alarm rate"
    case .areaUnderROC: "AUROC"
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
