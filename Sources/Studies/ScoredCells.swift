import Files
import Metrics
import Runs

/// A study's cells in order, their answers ranked and counted once, ready to be measured under any weighting.
struct ScoredCells {
  /// What is measured, in order: each defect class, any defect where there are several, and last the mean over the classes.
  let scopes: [FigureScope]
  /// The arms, in the settings' order.
  let arms: [StudyArm]
  /// Each test image's group, in the order of the weights. With several splits these are the images of all their test splits.
  let groups: [String]
  /// How many test images, and how many groups, hold a defect class; in the settings' order of defects.
  let positives: [(images: Int, groups: Int)]
  /// For any defect and each class where small and middle-sized test defects end; of no use to classifiers.
  let sizes: [DefectSizes]
  /// By arm and run: of a split its seeds, where the study has several splits, else one of a seed.
  let records: [[[CellRecord]]]
  private let scores: [[[CellScores]]]
  /// By run, where each of its test images stands among the weights.
  private let places: [[Int]]
  private let settings: StudySettings
  private let kinds: [StudyFigure]

  /// - Parameter fraction: whose cells; nil in a study without fractions.
  /// - Throws: `InputError` when a cell is missing, or was scored on other images than the first one of its split.
  init(plan: StudyPlan, records all: [CellRecord], fraction: Double?) throws {
    let settings = plan.settings
    self.settings = settings
    kinds = settings.network.figures
    arms = settings.arms(at: fraction)
    let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    func record(_ arm: StudyArm, _ split: Int?, _ seed: Int) throws -> CellRecord {
      let cell = try StudyCell(
        plan: plan, part: plan.part(StudyPart(split: split, fraction: fraction)), arm: arm, seed: seed)
      guard let record = byID[cell.id] else {
        throw InputError(
          at: cell.title, expected: "a finished training", found: "none", remedy: "Run the study to its end first")
      }
      return record
    }
    let splits = settings.splitSeeds
    records = try arms.map { arm in
      try splits.count > 1
        ? splits.map { split in try settings.seeds.map { try record(arm, split, $0) } }
        : settings.seeds.map { [try record(arm, splits[0], $0)] }
    }
    for run in records[0].indices {
      let first = records[0][splits.count > 1 ? run : 0][0]
      for record in records.flatMap({ $0[run] }) {
        let place = "\(record.arm), seed \(record.seed)"
        try Self.demandSameImages(record.test, as: first.test, in: "\(place): test")
        try Self.demandSameImages(record.validation, as: first.validation, in: "\(place): validation")
      }
    }
    let defects = settings.defects
    scopes = FigureScope.all(of: defects)
    let tests = records[0].map { CellScores.sorted($0[0].test) }
    let known = Dictionary(tests.joined().map { ($0.image, $0) }) { first, _ in first }
    let union = CellScores.sorted(Array(known.values))
    let positions = Dictionary(uniqueKeysWithValues: union.enumerated().map { ($0.element.image, $0.offset) })
    groups = union.map(\.group)
    places = tests.map { $0.compactMap { positions[$0.image] } }
    positives = defects.indices.map { index in
      let found = union.filter { $0.shows(index + 1) }
      return (found.count, Set(found.map(\.group)).count)
    }
    sizes = DefectSizes.all(of: union, classes: settings.classes.count)
    scores = try records.map { [sizes] in
      try $0.map { try $0.map { try CellScores($0, sizes: sizes, settings: settings) } }
    }
  }

  /// Figures of one cell: by scope, then by kind.
  var figureCount: Int { scopes.count * kinds.count }

  func position(_ figure: StudyFigure, _ scope: FigureScope) -> Int? {
    guard let kind = kinds.firstIndex(of: figure), let place = scopes.firstIndex(of: scope) else { return nil }
    return place * kinds.count + kind
  }

  /// Fills in the figures of one run, means over its seeds, under a weight per test image; NaN where undefined.
  func measure(arm: Int, run: Int, weights: [Double], into figures: inout [Double]) {
    let own = places[run].map { weights[$0] }
    let seeds = scores[arm][run]
    for index in figures.indices { figures[index] = 0 }
    var alone = figures
    for cell in seeds {
      cell.measure(kinds, weights: own, into: &alone)
      for (index, value) in alone.enumerated() { figures[index] += value / Double(seeds.count) }
    }
  }

  /// Mean of the primary figure over classes and cells on the validation set; nil when undefined.
  func validationScore(arm: Int) -> Double? {
    let values = scores[arm].joined().map(\.validation)
    let defined = values.compactMap { $0 }
    return defined.count == values.count ? defined.reduce(0, +) / Double(defined.count) : nil
  }

  /// Whether thresholds can be chosen for a scope: that needs positives in the validation set.
  func hasThreshold(_ scope: FigureScope) -> Bool {
    guard let index = scopes.firstIndex(of: scope), scope != .mean else { return true }
    return scores.joined().joined().allSatisfy { $0.threshold(index) != nil }
  }

  /// Precision at each recall, the best at that recall or above, averaged over the cells. Nil where undefined.
  func precision(arm: Int, scope: FigureScope, at recalls: [Double]) -> [Double]? {
    let cells = Array(scores[arm].joined())
    guard let index = scopes.firstIndex(of: scope), scope != .mean else { return nil }
    var sums = [Double](repeating: 0, count: recalls.count)
    for cell in cells {
      let curve = cell.precisionRecallCurve(index)
      guard !curve.isEmpty else { return nil }
      var best = 0.0
      var point = curve.count - 1
      for place in recalls.indices.reversed() {
        while point >= 0, curve[point].recall >= recalls[place] - 1e-12 {
          best = max(best, curve[point].precision)
          point -= 1
        }
        sums[place] += best
      }
    }
    return sums.map { $0 / Double(cells.count) }
  }

  private static func demandSameImages(_ these: [Prediction], as those: [Prediction], in place: String) throws {
    let these = CellScores.sorted(these), those = CellScores.sorted(those)
    let stranger = zip(these, those).first {
      $0.image != $1.image || $0.group != $1.group || $0.truth != $1.truth
        || $0.pixels?.map(\.truth) != $1.pixels?.map(\.truth)
    }
    guard these.count == those.count, stranger == nil else {
      throw InputError(
        at: place, expected: "the same \(those.count) images, groups and classes as in the first cell",
        found: stranger.map { "\($0.0.image) for \($0.1.image)" } ?? "\(these.count) images",
        remedy: "The cells come from different divisions of the data: remove the folder 'cells' and run the study again"
      )
    }
  }
}

extension FigureScope {
  /// What a study of these classes measures, in order.
  static func all(of defects: [String]) -> [FigureScope] {
    defects.map { .defect($0) } + (defects.count > 1 ? [.anyDefect] : []) + [.mean]
  }
}
