import Files
import Foundation
import Runs
import Training

/// What the losses of a translator's run say, step by step, as its watch saw them.
struct RunHistory {
  private let table: LossTable
  /// What the losses say now.
  private let found: [TrainingWarning]
  /// What was written down while it trained.
  private let told: [TrainingWarning]
  private let names: [String]

  /// Losses may pass this share of a run in which a discriminator gives no direction.
  private static let mostPinned = 0.1

  /// - Throws: `CannotCheck` where there are no losses, `InputError` where there is another file.
  init(of run: RunFolder, _ configuration: any TranslatorConfiguration) throws {
    guard FileManager.default.fileExists(atPath: run.losses.path) else { throw CannotCheck("no losses.csv") }
    let table = try LossTable(contentsOf: run.losses)
    guard let last = table.rows.last else { throw CannotCheck("no step was made yet") }
    let warnings = run.url.appendingPathComponent(WarningLog.fileName)
    let length = configuration.length
    try self.init(
      table, told: FileManager.default.fileExists(atPath: warnings.path) ? WarningLog.read(warnings) : [],
      totalSteps: length.unit == .steps ? length.constant + length.decay : last.step,
      adversarialWeight: configuration.adversarialWeight)
  }

  init(_ table: LossTable, told: [TrainingWarning], totalSteps: Int, adversarialWeight: Double = 1) throws {
    self.table = table
    self.told = told
    names = table.columns.filter { $0 != "learning_rate" }
    let places = names.compactMap(table.columns.firstIndex)
    var watch = TrainingWatch(losses: names, totalSteps: totalSteps, adversarialWeight: adversarialWeight)
    found = table.rows.flatMap { row in watch.follow(step: row.step, losses: places.map { row.values[$0] }) }
  }

  private var lastStep: Int { table.rows.last?.step ?? 0 }

  var finiteLosses: Outcome {
    let broken = found.first { $0.finding == .notFinite }
    let stop = told.last { $0.finding == .notFinite }
    let ratios = names.compactMap(ratio)
    let measures: [CheckResult.Measure] = [
      .init("largest of three in a row, in early medians", ratios.max() ?? 0, "≤ 20")
    ]
    if let broken {
      return Outcome(.fail, "\(broken.part) is \(broken.value) in step \(broken.step)", measures: measures)
    }
    if let stop {
      return Outcome(
        .fail, "the run stopped: \(stop.part) became \(stop.value) in step \(stop.step)", measures: measures)
    }
    let explosions = found.filter { $0.finding == .explodingLoss && $0.event == .begins }
    guard !explosions.isEmpty else {
      return Outcome(.pass, "\(names.count) losses over \(lastStep) steps are finite", measures: measures)
    }
    let isOpen = explosions.contains { explosion in
      !found.contains {
        $0.finding == .explodingLoss && $0.event == .ends && $0.part == explosion.part && $0.since == explosion.since
      }
    }
    let list = explosions.prefix(4).map { "\($0.part) from step \($0.since) on" }.joined(separator: ", ")
    return Outcome(isOpen ? .fail : .warn, "\(list)\(isOpen ? "" : ", for a while")", measures: measures)
  }

  /// The largest that three losses in a row reached, against their early median.
  private func ratio(_ name: String) -> Double? {
    guard let values = table[column: name]?.map(\.value).filter(\.isFinite), values.count > 2 else { return nil }
    let early = values.prefix(min(max(values.count / 10, 10), 100)).sorted()
    let largest = (0..<values.count - 2).map { min(values[$0], values[$0 + 1], values[$0 + 2]) }.max() ?? 0
    return largest / max(early[early.count / 2], 0.25)
  }

  var discriminatorBalance: Outcome {
    let stretches = found.filter { $0.finding.isPinned && $0.event == .begins }.map { begin in
      let end = found.first {
        $0.finding == begin.finding && $0.event == .ends && $0.part == begin.part && $0.since == begin.since
      }
      return (begin, steps: (end?.step ?? lastStep + 1) - begin.since, isOpen: end == nil)
    }
    let parts = Set(stretches.map(\.0.part)).sorted()
    let shares = parts.map { part in
      (part, Double(stretches.filter { $0.0.part == part }.reduce(0) { $0 + $1.steps }) / Double(max(lastStep, 1)))
    }
    let most = shares.map(\.1).max() ?? 0
    let scores = names.filter { $0.hasPrefix("discriminator") }.compactMap { name -> CheckResult.Measure? in
      guard let values = table[column: name]?.map(\.value).sorted(), !values.isEmpty else { return nil }
      return .init("median of \(name)", values[values.count / 2])
    }
    let measures = [.init("share of the run without direction", most, "≤ \(Self.mostPinned)")] + scores
    guard most > Self.mostPinned, let longest = stretches.max(by: { $0.steps < $1.steps }) else {
      return Outcome(.pass, "no discriminator was pinned for long", measures: measures)
    }
    let state =
      switch longest.0.finding {
      case .certainDiscriminator: "certain"
      case .fooledDiscriminator: "fooled"
      default: "blind: it gives every image the same score"
      }
    return Outcome(
      most > 0.5 ? .fail : .warn,
      "the discriminator of \(longest.0.part) images was \(state) from step \(longest.0.since) on"
        + (longest.isOpen ? "" : ", for \(longest.steps) steps"), measures: measures)
  }
}
