import Files
import Foundation
import Runs
import Torch

/// The watch of a run in its folder: follows, and writes down what it finds.
struct RunWatch {
  private var watch: TrainingWatch
  private var log: WarningLog

  /// Begins with a run's first step, or goes on after `step`: what its losses said until then is found again in `losses.csv`,
  /// and what its samples said in `warnings.csv`.
  init(
    in folder: RunFolder, losses names: [String], totalSteps: Int, adversarialWeight: Double, resumedAfter step: Int?
  ) throws {
    watch = TrainingWatch(losses: names, totalSteps: totalSteps, adversarialWeight: adversarialWeight)
    let url = folder.url.appendingPathComponent(WarningLog.fileName)
    guard let step else {
      log = try WarningLog(creating: url)
      return
    }
    var replayed: [TrainingWarning] = []
    if step > 0 {
      for row in try LossTable(contentsOf: folder.losses).rows where row.step <= step {
        replayed += watch.follow(step: row.step, losses: row.values)
      }
    }
    log = try WarningLog(resuming: url, after: step, replayed: replayed)
    watch.resumeSamples(log.warnings)
  }

  /// - Returns: what was found, once it is on the disk.
  mutating func follow(step: Int, losses: [Double]) throws -> [TrainingWarning] {
    try written(watch.follow(step: step, losses: losses))
  }

  /// - Parameter rows: what a trainer draws.
  mutating func follow(
    step: Int, rows: [(caption: String, images: Tensor)]
  ) throws -> [TrainingWarning] {
    guard step >= watch.firstSamples else { return [] }
    return try written(
      watch.follow(step: step, samples: withoutGradients { try TranslationFigures.ways(of: rows) }))
  }

  /// A run's end.
  mutating func stop(by error: NonFiniteLoss) throws -> [TrainingWarning] {
    try written([
      .init(.notFinite, .begins, part: error.name, step: error.step, since: error.step, value: error.value)
    ])
  }

  private mutating func written(_ warnings: [TrainingWarning]) throws -> [TrainingWarning] {
    try log.append(warnings)
    return warnings
  }
}

extension TranslatorConfiguration {
  /// What the adversarial losses are multiplied by in `losses.csv`.
  public var adversarialWeight: Double { (self as? CUTConfiguration)?.loss.adversarial ?? 1 }
}

extension Checkpoint {
  /// Whether every number of the networks is finite.
  var hasFiniteWeights: Bool {
    get throws {
      let sums = try tensors(under: "model").values.map { try $0.converted(to: .float32).sum() }
      return try sums.isEmpty || Tensor.stacked(sums).isFinite().all().item() != 0
    }
  }
}
