import Foundation
import Randomness
import Runs
import Studies

/// A study whose classifiers are made up, so that the right answer is known.
struct SimulatedStudy {
  /// How far an arm's scores of positives lie above those of negatives, in standard deviations of the score.
  var separation: [StudyArm: Double]
  var defects = ["blowhole"]
  var seeds = 5
  var testGroups = 60
  /// Standard deviation of the separation between seeds.
  var seedSpread = 0.05
  /// Standard deviation of noise that every arm and seed shares: hard images are hard for all.
  var sharedNoise = 1.0
  /// Standard deviation of noise of each training's own.
  var ownNoise = 0.1
  var smallestEffect = 0.02
  var replicates = 200

  var arms: [StudyArm] {
    let others = StudyArm.all.filter { !StudyArm.standard.contains($0) }
    return (StudyArm.standard + others).filter { separation[$0] != nil }
  }

  func plan() throws -> StudyPlan {
    let text = """
      name: simulated
      dataset: data
      clean: free
      defects: [\(defects.joined(separator: ", "))]
      seeds: \(seeds)
      quick: \(seeds < 5)
      arms: [\(arms.map(\.rawValue).joined(separator: ", "))]
      classifier: {steps: 100}
      bootstrap: {replicates: \(replicates)}
      smallest-effect: \(smallestEffect)
      """
    return try StudyPlan(settings: StudyFile.parse(text, file: "simulated.yaml"), datasetHash: "d")
  }

  func record(_ cell: StudyCell) -> CellRecord {
    var luck = SeededGenerator(seed: UInt64(cell.seed), purpose: "luck \(cell.arm.rawValue)")
    let strength = (separation[cell.arm] ?? 0) + seedSpread * luck.normal()
    return CellRecord(
      id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, classes: ["free"] + defects, steps: 100,
      validation: predictions("validation", groups: 40, strength: strength, luck: &luck),
      test: predictions("test", groups: testGroups, strength: strength, luck: &luck),
      loss: (0...10).map { LossPoint(step: $0 * 10, loss: exp(-Double($0) / 5) + 0.01 * luck.uniform()) }, seconds: 12,
      trainingImages: [
        TrainingCount(origin: .real, label: "free", count: 400),
        TrainingCount(origin: .real, label: defects[0], count: 40),
      ] + (cell.arm == .synthetic ? [TrainingCount(origin: .synthetic, label: defects[0], count: 40)] : []),
      threads: 2, libtorch: "2.13.0")
  }

  func records() throws -> [CellRecord] { try plan().cells().map(record) }

  /// Groups of four images; of each five groups, one shows each defect in turn for half of its images.
  private func predictions(
    _ split: String, groups: Int, strength: Double, luck: inout SeededGenerator
  ) -> [Prediction] {
    (0..<groups * 4).map { index in
      let group = index / 4
      var hard = SeededGenerator(seed: 5, purpose: split, index)
      let isDefect = group % 5 < 2 && index % 2 == 0
      let truth = isDefect ? 1 + (group / 5) % defects.count : 0
      let logits = (0...defects.count).map { label in
        (label == truth ? strength : 0) + sharedNoise * hard.normal() + ownNoise * luck.normal()
      }
      let exponentials = logits.map { exp($0) }
      let sum = exponentials.reduce(0, +)
      return Prediction(
        image: "\(split)/\(index).png", group: "\(split) \(group)", truth: truth, scores: exponentials.map { $0 / sum })
    }
  }
}
