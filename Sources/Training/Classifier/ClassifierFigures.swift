import Metrics

/// How well a classifier told a whole set apart.
public struct ClassifierFigures: Codable, Equatable, Sendable {
  public struct Defect: Codable, Equatable, Sendable {
    public let name: String
    public let images: Int
    /// Of the class's score, against all other images; nil where the set has none of the class, as are the others.
    public let averagePrecision: Double?
    public let areaUnderROC: Double?
    /// Images with this score or a higher one are called the class.
    public let threshold: Double
    public let f1: Double?
    /// The threshold at which F1 is highest on this set: to be used on another.
    public let bestThreshold: Double?

    private enum CodingKeys: String, CodingKey {
      case name, images, threshold, f1
      case averagePrecision = "average_precision"
      case areaUnderROC = "auroc"
      case bestThreshold = "best_threshold"
    }
  }

  public let images: Int
  public let clean: Int
  public let defects: [Defect]
  /// The mean over the defects that the set has; nil where it has none.
  public let meanAveragePrecision: Double?
  /// Of the images' highest scores.
  public let accuracy: Double?
  /// Whether thresholds were chosen on another set; else they are 0.5.
  public let hasChosenThresholds: Bool

  private enum CodingKeys: String, CodingKey {
    case images, clean, defects, accuracy
    case meanAveragePrecision = "mean_average_precision"
    case hasChosenThresholds = "has_chosen_thresholds"
  }

  /// - Parameters:
  ///   - scores: one row per image, one score per class.
  ///   - truths: positions in `classNames`, whose first is the clean class.
  ///   - thresholds: of each defect; 0.5 where there is none.
  /// - Throws: `InvalidScores` when a score is no finite number.
  public init(scores: [[Double]], truths: [Int], classNames: [String], thresholds: [String: Double]? = nil) throws {
    images = scores.count
    clean = truths.count { $0 == 0 }
    hasChosenThresholds = thresholds != nil
    defects = try classNames.indices.dropFirst().map { label in
      let ranked = try RankedScores(scores: scores.map { $0[label] }, positives: truths.map { $0 == label })
      let threshold = thresholds?[classNames[label]] ?? 0.5
      let figures = ranked.figures(threshold: threshold)
      return Defect(
        name: classNames[label], images: truths.count { $0 == label }, averagePrecision: figures.averagePrecision,
        areaUnderROC: figures.areaUnderROC, threshold: threshold, f1: figures.f1,
        bestThreshold: ranked.thresholdMaximizingF1()?.threshold)
    }
    let precisions = defects.compactMap(\.averagePrecision)
    meanAveragePrecision = precisions.isEmpty ? nil : precisions.reduce(0, +) / Double(precisions.count)
    accuracy = ConfusionMatrix(scores: scores, truths: truths, classes: classNames.count).accuracy
  }

  /// The best threshold of each defect that the set has.
  public var bestThresholds: [String: Double] {
    Dictionary(uniqueKeysWithValues: defects.compactMap { defect in defect.bestThreshold.map { (defect.name, $0) } })
  }
}
