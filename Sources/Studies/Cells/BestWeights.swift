import Training

/// The weights that do best on the validation split, where a study keeps those.
struct BestWeights {
  /// How often a training is looked at.
  private static let looks = 10

  private let settings: StudySettings
  private var best: (score: Double, weights: Checkpoint)?

  init(_ settings: StudySettings) { self.settings = settings }

  mutating func look(at training: any CellTraining, step: Int) throws {
    let steps = settings.network.steps
    guard settings.network.keep == .best, step % max(1, steps / Self.looks) == 0 || step == steps else { return }
    let score = try CellScores.validation(training.predictions(.validation), settings: settings) ?? -.infinity
    // Of equally good ones the later: it has learned from more.
    guard score >= best?.score ?? -.infinity else { return }
    var weights = try training.checkpoint()
    weights.tensors = try weights.tensors.mapValues { try $0.cloned() }
    best = (score, weights)
  }

  func restore(to training: any CellTraining) throws {
    if let best { try training.restore(best.weights) }
  }
}
