import Metrics
import Runs

/// The arms of a study at one fraction of the real defects: their figures with intervals, and paired differences.
///
/// Every figure is measured per cell on the whole test set and averaged over the seeds, and over the splits. Intervals come from
/// `CrossedBootstrap`: test groups are resampled, and splits, or seeds where there is one split; both arms of a difference share
/// the resample. With several splits a group counts as often in each of their test sets as it was drawn. A figure's interval is
/// cut at 0 and 1, beyond which it cannot lie. The threshold of F1 and the choice of the best cheap rival use the validation set
/// only.
struct StudyComparison {
  let fraction: Double?
  let cells: ScoredCells
  let resampled: ResampledFigures
  private let settings: StudySettings

  /// - Throws: `InputError` when a cell is missing or was scored on other images than the rest.
  init(plan: StudyPlan, records: [CellRecord], fraction: Double?) throws {
    self.fraction = fraction
    settings = plan.settings
    let cells = try ScoredCells(plan: plan, records: records, fraction: fraction)
    self.cells = cells
    let bootstrap = CrossedBootstrap(
      groups: cells.groups, seeds: settings.runs, replicates: settings.bootstrap.replicates,
      confidence: settings.bootstrap.confidence, seed: UInt64(settings.bootstrap.seed))
    resampled = bootstrap.resample(arms: cells.arms.count, figures: cells.figureCount) {
      arm, run, weights, figures in
      cells.measure(arm: arm, run: run, weights: weights, into: &figures)
    }
  }

  // MARK: Arms and differences

  func arm(_ index: Int) -> ArmResult {
    let records = Array(cells.records[index].joined())
    let name = cells.arms[index]
    let figures = cells.scopes.flatMap { scope in
      settings.network.figures.compactMap { figure -> FigureResult? in
        guard let position = cells.position(figure, scope) else { return nil }
        let estimate = resampled.estimate(figure: position, arm: index)
        return FigureResult(
          figure: figure, scope: scope, value: estimate?.value,
          interval: estimate?.interval.map { Interval($0.clamped(to: figure.range)) },
          perSeed: resampled.perSeed(figure: position, arm: index),
          undefinedReplicates: estimate?.undefinedReplicates ?? 0)
      }
    }
    return ArmResult(
      name: name.rawValue, title: name.title, figures: figures,
      confusion: settings.network.isSegmenter ? [] : confusion(records),
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

  func estimate(_ arm: StudyArm, minus other: StudyArm, _ figure: StudyFigure, _ scope: FigureScope)
    -> Estimate?
  {
    guard let position = cells.position(figure, scope), let first = cells.arms.firstIndex(of: arm),
      let second = cells.arms.firstIndex(of: other)
    else { return nil }
    return resampled.difference(figure: position, arm: first, minus: second)
  }

  func differences(against other: StudyArm, from arms: [StudyArm]) -> [DifferenceResult] {
    cells.scopes.flatMap { scope in
      settings.network.figures.flatMap { figure -> [DifferenceResult] in
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
  func bestCheapRival() -> StudyArm? {
    let cheap = cells.arms.indices.filter { cells.arms[$0].isCheapRival }
    return cheap.max { (cells.validationScore(arm: $0) ?? -1) < (cells.validationScore(arm: $1) ?? -1) }
      .map { cells.arms[$0] }
  }

  func verdict(rival: StudyArm?, curve: StudyCurve) -> VerdictRecord {
    let main = estimate(.synthetic, minus: .real, settings.primary, .mean)
    let name = settings.primary.inWords
    let figure =
      settings.defects.count == 1
      ? "\(name) for \(settings.defects[0])"
      : "mean \(name) over the \(settings.defects.count) defect classes"
    return Verdict(
      figure: figure, smallestEffect: settings.smallestEffect, runs: settings.runs, runName: settings.runName,
      fewestRuns: settings.fewestRuns, testGroups: Set(cells.groups).count, testImages: cells.groups.count,
      difference: main,
      rival: rival.map { rival in
        Verdict.Rival(
          arm: rival, againstReal: estimate(rival, minus: .real, settings.primary, .mean),
          syntheticAgainstIt: estimate(.synthetic, minus: rival, settings.primary, .mean))
      },
      placebo: estimate(.placebo, minus: .real, settings.primary, .mean), curve: curve.sentences()
    ).record
  }

  // MARK: Curves

  func precisionRecall() -> [PrecisionRecallRecord] {
    let recalls = (0...100).map { Double($0) / 100 }
    return cells.scopes.dropLast().flatMap { scope in
      cells.arms.indices.compactMap { index in
        cells.precision(arm: index, scope: scope, at: recalls).map {
          PrecisionRecallRecord(arm: cells.arms[index].rawValue, scope: scope, recall: recalls, precision: $0)
        }
      }
    }
  }

  func losses() -> [LossRecord] {
    cells.arms.indices.map { index in
      let records = Array(cells.records[index].joined())
      let byStep = Dictionary(grouping: records.flatMap(\.loss), by: \.step)
      let points = byStep.filter { $0.value.count == records.count }.map { step, points in
        LossPoint(step: step, loss: points.reduce(0) { $0 + $1.loss } / Double(points.count))
      }
      return LossRecord(arm: cells.arms[index].rawValue, points: points.sorted { $0.step < $1.step })
    }
  }
}

extension Interval {
  init(_ range: ClosedRange<Double>) { self.init(lower: range.lowerBound, upper: range.upperBound) }
}
