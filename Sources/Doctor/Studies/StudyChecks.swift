import Datasets
import Files
import Foundation
import Runs
import Studies

/// What can be wrong with a study: its cells, the images that its arms had, and what it is able to say.
public final class StudyChecks {
  private let folder: URL
  private let plan: StudyPlan
  private let results: StudyResults
  private var settings: StudySettings { plan.settings }
  private var read: [CellRecord]?

  /// - Throws: `InputError` when the folder holds no finished study of this version.
  public init(_ folder: URL) throws {
    self.folder = folder
    plan = try StudyPlan.read(from: folder)
    results = try StudyResults.read(from: folder.appendingPathComponent(StudyResults.fileName))
  }

  public func steps() -> [Examination.Step] {
    [
      .init(.leaks, cost: 5, leaks), .init(.equalBudgets, equalBudgets), .init(.repetitions, repetitions),
      .init(.headroom, headroom), .init(.placebo, placebo), .init(.syntheticImages, syntheticImages),
    ]
  }

  private func cells() throws -> [CellRecord] {
    if let read { return read }
    let runner = StudyRunner(plan: plan, folder: folder)
    let records = try plan.cells().compactMap { try runner.finished($0) }
    read = records
    return records
  }

  // MARK: Leaks

  /// Walks the provenance of every image that was learned from.
  private func leaks() throws -> Outcome {
    var found: [String] = []
    let cells = try cells()
    for cell in cells {
      for fact in cell.audit where fact.value != "0" {
        found.append("\(cell.arm), seed \(cell.seed): \(fact.value) \(fact.key)")
      }
      let (held, validation) = (Set(cell.test.map(\.group)), Set(cell.validation.map(\.group)))
      let both = held.intersection(validation).count
      if both > 0 { found.append("\(cell.arm), seed \(cell.seed): \(both) groups in validation and test") }
    }
    let sets = try folders("synthetic").map { try Dataset(at: $0) }
    let made = sets.flatMap { set in set.images.map { (set, $0) } }
    for (set, image) in made {
      if let synthetic = image.provenance.synthetic, synthetic.sourceSplit != Split.train.rawValue {
        found.append(
          "\(set.folder.lastPathComponent)/\(image.fileName) was made from \(synthetic.source) (\(synthetic.sourceSplit))"
        )
      }
    }
    let measures: [CheckResult.Measure] = [
      .init("trainings looked at", Double(cells.count)), .init("made images looked at", Double(made.count)),
      .init("leaks", Double(found.count), "0"),
    ]
    guard let first = found.first else {
      return Outcome(
        .pass, "no image of a held-out group was learned from, by networks or by translators", measures: measures)
    }
    return Outcome(.fail, "\(found.count) leaks, such as: \(first)", measures: measures)
  }

  private func folders(_ name: String) throws -> [URL] {
    let place = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: place.path) else { return [] }
    return try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
      .filter { Dataset.stands(at: $0) }.sorted { $0.path < $1.path }
  }

  // MARK: Fairness

  private func equalBudgets() throws -> Outcome {
    let cells = try cells()
    let wanted = try plan.cells().count
    let steps = Set(cells.map(\.steps))
    let versions = Set(cells.map { "libtorch \($0.libtorch), \($0.threads) threads" })
    // Within a split all arms and fractions are tested on the same images.
    let tests = Dictionary(grouping: cells) { $0.split ?? -1 }.mapValues {
      Set($0.map { Set($0.test.map(\.image)) }).count
    }
    let measures: [CheckResult.Measure] = [
      .init("trainings", Double(cells.count), "\(wanted)"),
      .init("different numbers of steps", Double(steps.count), "1"),
      .init("different test sets in a split", Double(tests.values.max() ?? 0), "1"),
      .init("versions and threads", Double(versions.count), "1"),
    ]
    if steps.count > 1 {
      return Outcome(
        .fail, "trainings took \(steps.sorted().map(String.init).joined(separator: ", ")) steps", measures: measures)
    }
    if let split = tests.first(where: { $0.value > 1 })?.key {
      return Outcome(.fail, "arms of split \(split) were tested on different images", measures: measures)
    }
    if cells.count < wanted {
      return Outcome(.fail, "\(wanted - cells.count) of \(wanted) trainings are missing", measures: measures)
    }
    if versions.count > 1 {
      return Outcome(
        .warn, "trainings ran on \(versions.sorted().joined(separator: " and "))", measures: measures,
        advice: "Sums differ in the last digits between them: train all cells with the same")
    }
    return Outcome(
      .pass, "\(cells.count) trainings of \(steps.first ?? 0) steps, tested on the same images", measures: measures)
  }

  private func repetitions() throws -> Outcome {
    let splits = settings.splits?.seeds.count ?? 1
    let (name, runs, least) =
      splits > 1
      ? ("splits", splits, StudySettings.fewestSplits) : ("seeds", settings.seeds.count, StudySettings.fewestSeeds)
    var measures: [CheckResult.Measure] = [.init(name, Double(runs), "≥ \(least)")]
    if let detectable = results.verdict.detectable {
      measures.append(.init("difference that is found in four cases of five", detectable))
      measures.append(.init("smallest effect that matters", settings.smallestEffect))
    }
    guard runs >= least else {
      return Outcome(.warn, "\(runs) \(name) are a rehearsal, not a finding", measures: measures)
    }
    if let detectable = results.verdict.detectable, detectable > 5 * settings.smallestEffect,
      results.verdict.outcome == .cannotTell
    {
      return Outcome(
        .warn,
        "only differences above \(detectable.short) would be found, and \(settings.smallestEffect.short) matters",
        measures: measures)
    }
    return Outcome(.pass, "\(runs) \(name)", measures: measures)
  }

  // MARK: What it can say

  private func difference(_ arm: String) -> DifferenceResult? {
    results.difference(of: arm, against: "real", figure: results.primaryFigure, scope: .mean)
  }

  private func headroom() throws -> Outcome {
    guard let real = results.arm(named: "real")?.figure(results.primaryFigure, .mean)?.value else {
      return .notRun("the study has no figure of the real images alone")
    }
    var measures: [CheckResult.Measure] = [
      .init("\(results.primaryFigure.rawValue) of real images alone, all of them", real, "< 0.95")
    ]
    let lowest = results.curve?.first
    if let lowest, let oracle = lowest.arms.first(where: { $0.name == "oracle" })?.difference {
      measures.append(
        .init(
          "gain by the oracle beside \(lowest.defects.short) real defects", oracle, "> \(settings.smallestEffect.short)"
        ))
      if oracle > settings.smallestEffect {
        return Outcome(
          .pass, "held-back real defects bring \(oracle.short) beside \(lowest.defects.short)", measures: measures)
      }
      return Outcome(
        .warn, "not even held-back real defects help: \(oracle.short) beside \(lowest.defects.short)",
        measures: measures)
    }
    return real < 0.95
      ? Outcome(.pass, "real images alone reach \(real.short)", measures: measures)
      : Outcome(.warn, "real images alone reach \(real.short): no gain can be shown", measures: measures)
  }

  private func placebo() throws -> Outcome {
    guard settings.arms.contains(.placebo) else { return .notRun("the study has no arm 'placebo'") }
    guard let difference = difference("placebo") else { return .notRun("the study has no difference of the placebo") }
    var measures: [CheckResult.Measure] = [.init("gain by the placebo", difference.value)]
    guard let interval = difference.interval else { return .notRun("its gain has no interval") }
    measures.append(.init("its interval, from", interval.lower, "≤ 0"))
    measures.append(.init("to", interval.upper))
    guard interval.lower > 0 else {
      return Outcome(
        .pass, "images that show nothing bring \(difference.value.short), which is nothing for sure", measures: measures
      )
    }
    return Outcome(.warn, "images that show nothing bring \(difference.value.short)", measures: measures)
  }

  private func syntheticImages() throws -> Outcome {
    var (fewest, wanted): (Int, Int) = (.max, 0)
    var short: [String] = []
    for cell in try cells() where cell.arm == StudyArm.synthetic.rawValue {
      for defect in settings.defects {
        let made = cell.trainingImages.filter { $0.origin == .synthetic && $0.label == defect }.reduce(0) {
          $0 + $1.count
        }
        let real = cell.trainingImages.filter { $0.origin == .real && $0.label == defect }.reduce(0) { $0 + $1.count }
        let asked = settings.synthetic.images(real: real)
        wanted = max(wanted, asked)
        fewest = min(fewest, made)
        if made < asked, cell.seed == settings.seeds.first {
          let part = StudyPart(split: cell.split, fraction: cell.fraction).title
          short.append("\(made) of \(asked) \(defect)" + (part.isEmpty ? "" : " with \(part)"))
        }
      }
    }
    guard wanted > 0 else { return .notRun("no training with synthetic images is there") }
    let measures: [CheckResult.Measure] = [
      .init("fewest synthetic images of a class", Double(fewest), "\(wanted)"),
      .init("parts and classes with fewer than wanted", Double(short.count), "0"),
    ]
    guard let first = short.first else {
      return Outcome(.pass, "every training had as many synthetic images as were wanted", measures: measures)
    }
    return Outcome(
      .warn, "gates let fewer through: \(first)" + (short.count > 1 ? " and \(short.count - 1) more" : ""),
      measures: measures)
  }
}
