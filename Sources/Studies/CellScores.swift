import Files
import Metrics
import Runs

/// One training's answers on validation and test images, class by class, ranked and counted once, ready to be measured under any
/// weighting of the test images.
struct CellScores {
  /// One class, or any defect at all.
  private struct Subject {
    let test: RankedScores
    /// Of a segmenter.
    let pixels: PixelTable?
    /// Chosen on the validation set; nil when that has no positives.
    let threshold: Double?
    let costThreshold: Double?
    let validation: Double?

    /// Fills in the figures, in the order of `kinds`; NaN where undefined.
    func measure(
      _ kinds: [StudyFigure], _ settings: StudySettings, weights: [Double]?, into figures: inout ArraySlice<Double>
    ) {
      let scores = test.figures(
        threshold: threshold, falsePositiveRate: settings.falseAlarmRate,
        cost: costThreshold.map { ($0, settings.missCost) }, weights: weights)
      let sums = pixels?.sums(weights)
      for (place, kind) in kinds.enumerated() {
        figures[figures.startIndex + place] = (kind.needsPixels ? sums?[kind] : scores[kind]) ?? .nan
      }
    }
  }

  private let settings: StudySettings
  /// Each defect class, and last any defect where there are several classes.
  private let subjects: [Subject]

  /// - Parameter sizes: for any defect and each class the largest area of a small and of a middle-sized one.
  /// - Throws: `InputError` when a score is no finite number.
  init(_ record: CellRecord, sizes: [DefectSizes], settings: StudySettings) throws {
    try self.init(
      validation: record.validation, test: record.test, sizes: sizes, settings: settings,
      at: "\(record.arm), seed \(record.seed)")
  }

  /// The primary figure's mean over the classes on the validation set alone; nil when undefined.
  static func validation(_ predictions: [Prediction], settings: StudySettings) throws -> Double? {
    let sizes = DefectSizes.all(of: [], classes: settings.classes.count)
    return try CellScores(validation: predictions, test: [], sizes: sizes, settings: settings, at: "validation")
      .validation
  }

  private init(
    validation: [Prediction], test: [Prediction], sizes: [DefectSizes], settings: StudySettings, at place: String
  ) throws {
    self.settings = settings
    let labels = Array(settings.classes.indices.dropFirst()) + (settings.classes.count > 2 ? [0] : [])
    let test = Self.sorted(test), held = Self.sorted(validation)
    subjects = try labels.map { label in
      let validation = try Self.ranked(held, label, at: place)
      func table(_ predictions: [Prediction]) -> PixelTable? {
        predictions.first?.pixels == nil
          ? nil : PixelTable(predictions.compactMap { $0.pixels?[label] }, sizes: sizes[label])
      }
      let threshold = validation.thresholdMaximizingF1()?.threshold
      let costThreshold = validation.thresholdMinimizingCost(ofMiss: settings.missCost)
      var figures: ArraySlice = [0.0]
      Subject(
        test: validation, pixels: table(held), threshold: threshold,
        costThreshold: costThreshold, validation: nil
      ).measure([settings.primary], settings, weights: nil, into: &figures)
      return Subject(
        test: try Self.ranked(test, label, at: place), pixels: table(test), threshold: threshold,
        costThreshold: costThreshold, validation: figures[0].isFinite ? figures[0] : nil)
    }
  }

  /// By class and kind, each defect class, any defect where there are several, and last the mean over the classes.
  func measure(_ kinds: [StudyFigure], weights: [Double]?, into figures: inout [Double]) {
    for (index, subject) in subjects.enumerated() {
      subject.measure(
        kinds, settings, weights: weights, into: &figures[index * kinds.count..<(index + 1) * kinds.count])
    }
    // A mean over some of the classes only would not be the same figure: one undefined class leaves it undefined.
    for kind in kinds.indices {
      let sum = settings.defects.indices.reduce(0.0) { $0 + figures[$1 * kinds.count + kind] }
      figures[subjects.count * kinds.count + kind] = sum / Double(settings.defects.count)
    }
  }

  /// The primary figure's mean over the classes on the validation set; nil when undefined.
  var validation: Double? {
    let values = subjects.prefix(settings.defects.count).map(\.validation)
    let defined = values.compactMap { $0 }
    return defined.count == values.count ? defined.reduce(0, +) / Double(defined.count) : nil
  }

  /// Where F1 is best on the validation set; nil when that has no positives.
  func threshold(_ index: Int) -> Double? { subjects[index].threshold }

  func precisionRecallCurve(_ index: Int) -> [PrecisionRecallPoint] { subjects[index].test.precisionRecallCurve() }

  private static func ranked(_ predictions: [Prediction], _ label: Int, at place: String) throws -> RankedScores {
    do {
      return try RankedScores(
        scores: predictions.map { $0.score(label) }, positives: predictions.map { $0.shows(label) })
    } catch let error as InvalidScores {
      throw InputError(at: place, expected: "finite scores", found: error.description)
    }
  }

  /// The order of the weights.
  static func sorted(_ predictions: [Prediction]) -> [Prediction] { predictions.sorted { $0.image < $1.image } }
}

extension ScoreFigures {
  fileprivate subscript(figure: StudyFigure) -> Double? {
    switch figure {
    case .averagePrecision: averagePrecision
    case .f1: f1
    case .recallAtFalseAlarmRate: recallAtFalsePositiveRate
    case .areaUnderROC: areaUnderROC
    case .costSaved: costSaved
    default: nil
    }
  }
}
