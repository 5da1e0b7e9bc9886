import Files
import Metrics
import Runs

/// Turns a study's finished cells into figures with intervals, paired differences and a verdict.
///
/// Every figure is measured per cell on the whole test set and averaged over the seeds. Intervals come from
/// `CrossedBootstrap`: seeds and test groups are resampled, and both arms of a difference share the resample. A figure's
/// interval is cut at 0 and 1, beyond which it cannot lie. The threshold of F1 and the choice of the best cheap rival use the
/// validation set only.
public struct StudyAnalysis {
  private let plan: StudyPlan
  private let cells: ScoredCells
  private let resampled: ResampledFigures
  private var settings: StudySettings { plan.settings }

  /// - Parameter records: the records of every cell of the plan, in any order.
  /// - Throws: `InputError` when a cell is missing or was scored on other images than the rest.
  public init(plan: StudyPlan, records: [CellRecord]) throws {
    self.plan = plan
    let cells = try ScoredCells(plan: plan, records: records)
    self.cells = cells
    let bootstrap = CrossedBootstrap(
      groups: cells.groups, seeds: plan.settings.seeds.count, replicates: plan.settings.bootstrap.replicates,
      confidence: plan.settings.bootstrap.confidence, seed: UInt64(plan.settings.bootstrap.seed))
    resampled = bootstrap.resample(arms: plan.settings.arms.count, figures: cells.figureCount) {
      arm, seed, weights, figures in
      cells.measure(arm: arm, seed: seed, weights: weights, into: &figures)
    }
  }

  /// Everything that the report shows.
  ///
  /// - Parameters:
  ///   - pictures: groups of picture files within the study's folder.
  ///   - facts: versions, commands and hashes to be shown; the plan's own are put before them.
  ///   - warnings: those of whoever ran the study, for example of its data audit; the analysis adds its own.
  public func results(
    pictures: [PictureGroup] = [], facts: [Fact] = [], warnings: [String] = []
  ) -> StudyResults {
    let rival = bestCheapRival()
    var differences = differences(against: .real, from: settings.arms.filter { $0 != .real })
    if let rival { differences += self.differences(against: rival, from: [.synthetic]) }
    return StudyResults(
      name: settings.name, question: settings.question, primaryFigure: .averagePrecision,
      smallestEffect: settings.smallestEffect, confidence: settings.bootstrap.confidence,
      falseAlarmRate: settings.falseAlarmRate, verdict: verdict(rival: rival), classes: settings.classes,
      seeds: settings.seeds, testImages: cells.groups.count, testGroups: Set(cells.groups).count,
      arms: settings.arms.indices.map(arm), differences: differences, precisionRecall: precisionRecall(),
      loss: losses(), pictures: pictures, facts: ownFacts() + facts, warnings: ownWarnings(rival: rival) + warnings)
  }

  // MARK: Arms and differences

  private func arm(_ index: Int) -> ArmResult {
    let records = cells.records[index]
    let name = settings.arms[index]
    let figures = cells.scopes.flatMap { scope in
      StudyFigure.allCases.compactMap { figure -> FigureResult? in
        guard let position = cells.position(figure, scope) else { return nil }
        let estimate = resampled.estimate(figure: position, arm: index)
        return FigureResult(
          figure: figure, scope: scope, value: estimate?.value,
          interval: estimate?.interval.map { Interval($0.clamped(to: 0...1)) },
          perSeed: resampled.perSeed(figure: position, arm: index),
          undefinedReplicates: estimate?.undefinedReplicates ?? 0)
      }
    }
    return ArmResult(
      name: name.rawValue, title: name.title, figures: figures, confusion: confusion(records),
      trainingImages: records[0].trainingImages,
      seconds: records.reduce(0) { $0 + $1.seconds } / Double(records.count))
  }

  private func confusion(_ records: [CellRecord]) -> [[Double]] {
    let count = settings.classes.count
    var sums = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for record in records {
      let matrix = ConfusionMatrix(scores: record.test.map(\.scores), truths: record.test.map(\.truth), classes: count)
      for truth in 0..<count {
        for called in 0..<count { sums[truth][called] += Double(matrix.counts[truth][called]) / Double(records.count) }
      }
    }
    return sums
  }

  private func estimate(_ arm: StudyArm, minus other: StudyArm, _ figure: StudyFigure, _ scope: FigureScope)
    -> Estimate?
  {
    guard let position = cells.position(figure, scope), let first = settings.arms.firstIndex(of: arm),
      let second = settings.arms.firstIndex(of: other)
    else { return nil }
    return resampled.difference(figure: position, arm: first, minus: second)
  }

  private func differences(against other: StudyArm, from arms: [StudyArm]) -> [DifferenceResult] {
    cells.scopes.flatMap { scope in
      StudyFigure.allCases.flatMap { figure -> [DifferenceResult] in
        var results = arms.compactMap { arm in
          estimate(arm, minus: other, figure, scope).map { estimate in
            DifferenceResult(
              arm: arm.rawValue, against: other.rawValue, figure: figure, scope: scope, value: estimate.value,
              interval: estimate.interval.map(Interval.init), perSeed: estimate.perSeed,
              // One seed shows nothing of the luck of training, so no p value could speak of it.
              pValue: estimate.perSeed.count > 1 ? estimate.pValue : nil,
              signFlipPValue: SignFlipTest.pValue(estimate.perSeed, seed: UInt64(settings.bootstrap.seed)))
          }
        }
        let tested = results.indices.filter { results[$0].pValue != nil }
        let adjusted = HolmCorrection.adjusted(tested.compactMap { results[$0].pValue })
        for (index, value) in zip(tested, adjusted) { results[index].adjustedPValue = value }
        return results
      }
    }
  }

  // MARK: Verdict

  /// The cheap arm that does best on the validation set: choosing on the test set would flatter it.
  private func bestCheapRival() -> StudyArm? {
    let cheap = settings.arms.indices.filter { settings.arms[$0].isCheapRival }
    return cheap.max { (cells.validationScore(arm: $0) ?? -1) < (cells.validationScore(arm: $1) ?? -1) }
      .map { settings.arms[$0] }
  }

  private func verdict(rival: StudyArm?) -> VerdictRecord {
    let main = estimate(.synthetic, minus: .real, .averagePrecision, .mean)
    let figure =
      settings.defects.count == 1
      ? "average precision for \(settings.defects[0])"
      : "mean average precision over the \(settings.defects.count) defect classes"
    return Verdict(
      figure: figure, smallestEffect: settings.smallestEffect, seeds: settings.seeds.count,
      testGroups: Set(cells.groups).count, testImages: cells.groups.count, difference: main,
      rival: rival.map { rival in
        Verdict.Rival(
          arm: rival, againstReal: estimate(rival, minus: .real, .averagePrecision, .mean),
          syntheticAgainstIt: estimate(.synthetic, minus: rival, .averagePrecision, .mean))
      },
      placebo: estimate(.placebo, minus: .real, .averagePrecision, .mean)
    ).record
  }

  // MARK: Curves

  private func precisionRecall() -> [PrecisionRecallRecord] {
    let recalls = (0...100).map { Double($0) / 100 }
    return cells.scopes.dropLast().flatMap { scope in
      settings.arms.indices.compactMap { index in
        cells.precision(arm: index, scope: scope, at: recalls).map {
          PrecisionRecallRecord(arm: settings.arms[index].rawValue, scope: scope, recall: recalls, precision: $0)
        }
      }
    }
  }

  private func losses() -> [LossRecord] {
    settings.arms.indices.map { index in
      let records = cells.records[index]
      let byStep = Dictionary(grouping: records.flatMap(\.loss), by: \.step)
      let points = byStep.filter { $0.value.count == records.count }.map { step, points in
        LossPoint(step: step, loss: points.reduce(0) { $0 + $1.loss } / Double(points.count))
      }
      return LossRecord(arm: settings.arms[index].rawValue, points: points.sorted { $0.step < $1.step })
    }
  }

  // MARK: Facts and warnings

  private func ownFacts() -> [Fact] {
    let all = Array(cells.records.joined())
    func distinct(_ values: [String]) -> String { Set(values).sorted().joined(separator: ", ") }
    return [
      Fact("plan", plan.hash), Fact("data set", plan.datasetHash),
      Fact("seeds", settings.seeds.map(String.init).joined(separator: ", ")),
      Fact("optimizer steps in every arm", "\(settings.classifier.steps)"),
      Fact("pixels shown to the networks", "\(settings.imageSize) × \(settings.imageSize)"),
      Fact("libtorch", distinct(all.map(\.libtorch))), Fact("threads", distinct(all.map { "\($0.threads)" })),
      Fact(
        "bootstrap",
        "\(settings.bootstrap.replicates) replicates over seeds and test groups, seed \(settings.bootstrap.seed)"),
    ] + audit(all)
  }

  /// What the cells' checks found: each finding once, in the order in which the cells name it.
  private func audit(_ records: [CellRecord]) -> [Fact] {
    var keys: [String] = []
    var values: [String: [String]] = [:]
    for fact in records.flatMap(\.audit) {
      if values[fact.key] == nil { keys.append(fact.key) }
      if !(values[fact.key] ?? []).contains(fact.value) { values[fact.key, default: []].append(fact.value) }
    }
    return keys.map { key in
      let found = values[key] ?? []
      return Fact(key, found.count <= 3 ? found.joined(separator: "; ") : "\(found[0]); and \(found.count - 1) others")
    }
  }

  private func ownWarnings(rival: StudyArm?) -> [String] {
    var warnings: [String] = []
    let seeds = settings.seeds.count
    if seeds < StudySettings.fewestSeeds {
      warnings.append("Only \(seeds) seed\(seeds == 1 ? "" : "s"): a rehearsal, from which nothing follows.")
    }
    if rival == nil {
      warnings.append("No cheap rival was run: whether oversampling would do as well is not known.")
    }
    if let arm = settings.arms.firstIndex(of: .real), let position = cells.position(.averagePrecision, .mean),
      let reached = resampled.estimate(figure: position, arm: arm)?.value, 1 - reached < settings.smallestEffect
    {
      warnings.append(
        "Real images alone reach an average precision of \(String(format: "%.3f", reached)): there is no room for a gain "
          + "of \(settings.smallestEffect). A harder question (fewer real defects, other classes) would tell more.")
    }
    for (defect, count) in zip(settings.defects, cells.positives) {
      if count.images == 0 {
        warnings.append("No test image shows \(defect): nothing can be said of it, nor of the mean.")
      } else if count.groups < 10 {
        warnings.append(
          "Only \(count.images) test images in \(count.groups) groups show \(defect): its intervals are rough.")
      }
      if !cells.hasThreshold(.defect(defect)) {
        warnings.append("No validation image shows \(defect), so there is no threshold for its F1.")
      }
    }
    for arm in settings.arms.indices {
      if let position = cells.position(.averagePrecision, .mean),
        let undefined = resampled.estimate(figure: position, arm: arm)?.undefinedReplicates,
        undefined * 20 > settings.bootstrap.replicates
      {
        warnings.append(
          "\(undefined) of \(settings.bootstrap.replicates) resamples lacked a class and were left out: the intervals "
            + "speak only for test sets that have every class.")
        break
      }
    }
    let all = Array(cells.records.joined())
    if Set(all.map(\.threads)).count > 1 || Set(all.map(\.libtorch)).count > 1 {
      warnings.append("The cells were trained with different thread counts or versions of libtorch.")
    }
    if cells.records.contains(where: { arm in arm.contains { $0.trainingImages != arm[0].trainingImages } }) {
      warnings.append("Within an arm, seeds were trained on different numbers of images; the first seed's are shown.")
    }
    return warnings
  }
}

extension Interval {
  fileprivate init(_ range: ClosedRange<Double>) { self.init(lower: range.lowerBound, upper: range.upperBound) }
}
