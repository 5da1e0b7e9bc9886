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
  /// With several, each tests on `testGroups` of a pool of `poolGroups`.
  var splits = 1
  var poolGroups = 100
  /// Standard deviation of the separation between splits, all arms alike, and of each arm's own.
  var splitSpread = 0.1
  var armSplitSpread = 0.05
  var fractions: [Double] = []
  /// What twice as many real defects add to the separation.
  var doubling = 0.0
  /// Another number gives another world: other splits, images and luck.
  var world = 0

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
      quick: true
      \(splits > 1 ? "splits: \(splits)" : "")
      \(fractions.isEmpty ? "" : "fractions: \(fractions)")
      arms: [\(arms.map(\.rawValue).joined(separator: ", "))]
      classifier: {steps: 100}
      bootstrap: {replicates: \(replicates)}
      smallest-effect: \(smallestEffect)
      """
    let settings = try StudyFile.parse(text, file: "simulated.yaml")
    return try StudyPlan(settings: settings, parts: settings.parts.map { PartPlan($0, datasetHash: "\($0)") })
  }

  func record(_ cell: StudyCell) -> CellRecord {
    let (split, fraction) = (cell.part.split ?? 0, cell.part.fraction ?? 1)
    var luck = SeededGenerator(
      seed: UInt64(world), purpose: "luck \(cell.arm.rawValue) \(fraction)", split * 1000 + cell.seed)
    var ofSplit = SeededGenerator(seed: UInt64(world), purpose: "split", split)
    var ofArm = SeededGenerator(seed: UInt64(world), purpose: "split of \(cell.arm.rawValue)", split)
    let bySplit = splits > 1 ? splitSpread * ofSplit.normal() + armSplitSpread * ofArm.normal() : 0
    let strength = (separation[cell.arm] ?? 0) + doubling * log2(fraction) + bySplit + seedSpread * luck.normal()
    let tested =
      splits > 1
      ? Array(ofSplit.shuffled(Array(0..<poolGroups)).prefix(testGroups)) : Array(0..<testGroups)
    let defectImages = Int((40 * fraction).rounded())
    return CellRecord(
      id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, split: cell.part.split, fraction: cell.part.fraction,
      classes: ["free"] + defects, steps: 100,
      validation: predictions("validation", groups: Array(0..<40), strength: strength, luck: &luck),
      test: predictions("test", groups: tested, strength: strength, luck: &luck),
      loss: (0...10).map { LossPoint(step: $0 * 10, loss: exp(-Double($0) / 5) + 0.01 * luck.uniform()) }, seconds: 12,
      trainingImages: [
        TrainingCount(origin: .real, label: "free", count: 400),
        TrainingCount(origin: .real, label: defects[0], count: defectImages),
      ] + (cell.arm == .synthetic ? [TrainingCount(origin: .synthetic, label: defects[0], count: 40)] : []),
      threads: 2, libtorch: "2.13.0")
  }

  func records() throws -> [CellRecord] { try plan().cells().map(record) }

  /// Groups of four images; of each five groups, one shows each defect in turn for half of its images.
  private func predictions(
    _ split: String, groups: [Int], strength: Double, luck: inout SeededGenerator
  ) -> [Prediction] {
    groups.flatMap { group in (0..<4).map { group * 4 + $0 } }.map { index in
      let group = index / 4
      var hard = SeededGenerator(seed: UInt64(5 + world), purpose: split, index)
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
