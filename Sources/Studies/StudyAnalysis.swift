import Files
import Metrics
import Runs

/// Turns a study's finished cells into figures with intervals, paired differences, a learning curve and a verdict.
///
/// The arms are compared at each fraction of the real defects (`StudyComparison`); tables, verdict and warnings are those of
/// the largest one.
public struct StudyAnalysis {
  private let plan: StudyPlan
  private let comparisons: [StudyComparison]
  private var settings: StudySettings { plan.settings }
  private var main: StudyComparison { comparisons[comparisons.count - 1] }
  private var cells: ScoredCells { main.cells }
  private var resampled: ResampledFigures { main.resampled }

  /// - Parameter records: the records of every cell of the plan, in any order.
  /// - Throws: `InputError` when a cell is missing or was scored on other images than the rest.
  public init(plan: StudyPlan, records: [CellRecord]) throws {
    self.plan = plan
    comparisons = try plan.settings.fractionList.map {
      try StudyComparison(plan: plan, records: records, fraction: $0)
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
    let rival = main.bestCheapRival()
    var differences = main.differences(against: .real, from: cells.arms.filter { $0 != .real })
    if let rival { differences += main.differences(against: rival, from: [.synthetic]) }
    let curve = StudyCurve(comparisons, settings: settings)
    return StudyResults(
      name: settings.name, question: settings.question, primaryFigure: settings.primary,
      smallestEffect: settings.smallestEffect, confidence: settings.bootstrap.confidence,
      falseAlarmRate: settings.falseAlarmRate, verdict: main.verdict(rival: rival, curve: curve),
      classes: settings.classes, seeds: settings.seeds, splits: settings.splits?.seeds,
      testImages: cells.groups.count, testGroups: Set(cells.groups).count, arms: cells.arms.indices.map(main.arm),
      differences: differences, curve: curve.points.isEmpty ? nil : curve.points,
      worth: curve.worth.isEmpty ? nil : curve.worth, precisionRecall: main.precisionRecall(),
      loss: main.losses(), pictures: pictures, facts: ownFacts() + facts, warnings: ownWarnings(rival: rival) + warnings
    )
  }

  // MARK: Facts and warnings

  private func ownFacts() -> [Fact] {
    let all = Array(comparisons.flatMap { $0.cells.records.joined().joined() })
    func distinct(_ values: [String]) -> String { Set(values).sorted().joined(separator: ", ") }
    return [
      Fact("plan", plan.hash), Fact("data set", distinct(plan.parts.map(\.datasetHash))),
      Fact("seeds", settings.seeds.map(String.init).joined(separator: ", ")),
    ] + (settings.splits.map { [Fact("seeds of splits", $0.seeds.map(String.init).joined(separator: ", "))] } ?? []) + [
      Fact("optimizer steps in every arm", "\(settings.network.steps)"),
      Fact("pixels shown to the networks", "\(settings.imageSize) × \(settings.imageSize)"),
      Fact("libtorch", distinct(all.map(\.libtorch))), Fact("threads", distinct(all.map { "\($0.threads)" })),
      Fact(
        "bootstrap",
        "\(settings.bootstrap.replicates) replicates over \(settings.runName)s and test groups, seed \(settings.bootstrap.seed)"
      ),
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
    let (runs, name) = (settings.runs, settings.runName)
    if runs < settings.fewestRuns {
      warnings.append("Only \(runs) \(name)\(runs == 1 ? "" : "s"): a rehearsal, from which nothing follows.")
    }
    if rival == nil {
      warnings.append("No cheap rival was run: whether oversampling would do as well is not known.")
    }
    if let arm = cells.arms.firstIndex(of: .real), let position = cells.position(settings.primary, .mean),
      let reached = resampled.estimate(figure: position, arm: arm)?.value, 1 - reached < settings.smallestEffect
    {
      warnings.append(
        "Real images alone reach \(settings.primary.inWords) of \(String(format: "%.3f", reached)): there is no room for a gain "
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
    for arm in cells.arms.indices {
      if let position = cells.position(settings.primary, .mean),
        let undefined = resampled.estimate(figure: position, arm: arm)?.undefinedReplicates,
        undefined * 20 > settings.bootstrap.replicates
      {
        warnings.append(
          "\(undefined) of \(settings.bootstrap.replicates) resamples lacked a class and were left out: the intervals "
            + "speak only for test sets that have every class.")
        break
      }
    }
    let all = Array(comparisons.flatMap { $0.cells.records.joined().joined() })
    if Set(all.map(\.threads)).count > 1 || Set(all.map(\.libtorch)).count > 1 {
      warnings.append("The cells were trained with different thread counts or versions of libtorch.")
    }
    // Splits differ by an image or two; seeds of one split must not.
    if cells.records.joined().contains(where: { run in run.contains { $0.trainingImages != run[0].trainingImages } })
      || settings.splitSeeds.count == 1
        && cells.records.contains(where: { arm in arm.contains { $0[0].trainingImages != arm[0][0].trainingImages } })
    {
      warnings.append("Within an arm, seeds were trained on different numbers of images; the first seed's are shown.")
    }
    return warnings
  }
}
