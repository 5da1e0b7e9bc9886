import Foundation
import Metrics
import Runs

/// What the arms reach with few and with many real defects, and how many real ones an arm's additions are worth.
///
/// Worth is read off the learning curve of real images alone (`LearningCurve`): the number of real defects at which it reaches
/// what the arm reached, less those that the arm had. Its interval comes from the same resamples of runs and test groups at all
/// fractions, each with its own curve. It is never negative: what harms is worth nothing.
struct StudyCurve {
  /// Empty in a study without fractions, as is `worth`.
  let points: [FractionRecord]
  /// Also empty where more real defects bring less than the smallest effect: nothing can be read off so flat a curve.
  let worth: [WorthRecord]
  private let settings: StudySettings

  init(_ comparisons: [StudyComparison], settings: StudySettings) {
    self.settings = settings
    let fractions = comparisons.compactMap { comparison in comparison.fraction.map { (comparison, $0) } }
    points = fractions.map { Self.point($0, $1, settings) }
    worth = points.count > 1 ? Self.worth(comparisons, points, settings) : []
  }

  private static func point(_ comparison: StudyComparison, _ fraction: Double, _ settings: StudySettings)
    -> FractionRecord
  {
    let cells = comparison.cells
    let position = cells.position(settings.primary, .mean) ?? 0
    return FractionRecord(
      fraction: fraction, defects: mean(cells, of: .real, .real),
      arms: cells.arms.enumerated().map { index, arm in
        let estimate = comparison.resampled.estimate(figure: position, arm: index)
        let difference = arm == .real ? nil : comparison.estimate(arm, minus: .real, settings.primary, .mean)
        return FractionRecord.Arm(
          name: arm.rawValue, title: arm.title, value: estimate?.value,
          interval: estimate?.interval.map { Interval($0.clamped(to: settings.primary.range)) },
          difference: difference?.value,
          differenceInterval: difference?.interval.map(Interval.init))
      })
  }

  /// Mean number over the cells of an arm of its training images with a defect that came from somewhere.
  private static func mean(_ cells: ScoredCells, of arm: StudyArm, _ origin: TrainingCount.Origin) -> Double {
    guard let index = cells.arms.firstIndex(of: arm) else { return 0 }
    let records = Array(cells.records[index].joined())
    let counts = records.map { record in
      record.trainingImages.filter { $0.origin == origin && $0.label != record.classes[0] }.reduce(0) { $0 + $1.count }
    }
    return Double(counts.reduce(0, +)) / Double(counts.count)
  }

  // MARK: Worth

  private static func worth(
    _ comparisons: [StudyComparison], _ points: [FractionRecord], _ settings: StudySettings
  ) -> [WorthRecord] {
    let counts = points.map(\.defects)
    // Without a defect more from one fraction to the next there is no curve.
    guard zip(counts, counts.dropFirst()).allSatisfy(<), counts.first ?? 0 > 0 else { return [] }
    func values(_ arm: StudyArm, _ comparison: StudyComparison) -> (value: Double, samples: [Double])? {
      guard let index = comparison.cells.arms.firstIndex(of: arm),
        let position = comparison.cells.position(settings.primary, .mean),
        let estimate = comparison.resampled.estimate(figure: position, arm: index),
        let samples = comparison.resampled.replicates(figure: position, arm: index)
      else { return nil }
      return (estimate.value, samples)
    }
    let real = comparisons.compactMap { values(.real, $0) }
    guard real.count == counts.count else { return [] }
    let curve = LearningCurve(counts: counts, values: real.map(\.value))
    guard curve.values[curve.values.count - 1] - curve.values[0] >= settings.smallestEffect else { return [] }
    let resampled = real[0].samples.indices.map { replicate -> LearningCurve? in
      let values = real.map { $0.samples[replicate] }
      return values.allSatisfy(\.isFinite) ? LearningCurve(counts: counts, values: values) : nil
    }
    return comparisons.indices.dropLast().flatMap { place in
      comparisons[place].cells.arms.filter { $0.addition == .synthetic || $0.addition == .copyPaste }.compactMap {
        arm in
        guard let reached = values(arm, comparisons[place]) else { return nil }
        let had = counts[place]
        let samples = zip(resampled, reached.samples).compactMap { curve, value in
          value.isFinite ? curve.map { max(0, $0.count(reaching: value) - had) } : nil
        }
        return WorthRecord(
          arm: arm.rawValue, fraction: points[place].fraction, defects: had,
          added: mean(comparisons[place].cells, of: arm, .synthetic),
          worth: max(0, curve.count(reaching: reached.value) - had),
          interval: interval(samples, of: resampled.count, settings.bootstrap.confidence),
          isAtLeast: reached.value > (curve.values.last ?? 0))
      }
    }
  }

  private static func interval(_ samples: [Double], of replicates: Int, _ confidence: Double) -> Interval? {
    guard samples.count * 2 > replicates else { return nil }
    let sorted = samples.sorted()
    return Interval(
      lower: Quantiles.sample(sorted, (1 - confidence) / 2), upper: Quantiles.sample(sorted, (1 + confidence) / 2))
  }

  // MARK: In words

  /// From how many real defects on synthetic images help, and what they are worth with the fewest.
  func sentences() -> [String] {
    guard points.count > 1 else { return [] }
    var sentences: [String] = []
    let outcomes = points.map { point -> VerdictRecord.Outcome in
      let interval = point.arms.first { $0.name == StudyArm.synthetic.rawValue }?.differenceInterval
      return settings.runs > 1
        ? Verdict.outcome(interval.map { $0.lower...$0.upper }, smallestEffect: settings.smallestEffect) : .cannotTell
    }
    let helped = zip(points, outcomes).filter { $0.1 == .helps }.map { count($0.0.defects) }
    let tried = points.map { count($0.defects) }.joined(separator: ", ")
    sentences.append(
      helped.isEmpty
        ? "At none of \(points.count) numbers of real defects (\(tried)) "
          + "was a gain seen that is more than chance."
        : "They help with \(helped.joined(separator: ", ")) real defects, of \(tried) that were tried."
    )
    if worth.isEmpty, !zip(points, points.dropFirst()).allSatisfy({ $0.defects < $1.defects }) {
      sentences.append(
        "Some of the shares have as many real defects as others, so what synthetic ones are worth cannot be read off a curve."
      )
    } else if worth.isEmpty {
      sentences.append(
        "Real images alone do not gain \(settings.smallestEffect) from the fewest defects to the most, so what synthetic ones are "
          + "worth cannot be read off their curve.")
    }
    for one in worth where one.arm == StudyArm.synthetic.rawValue {
      let level = Int((settings.bootstrap.confidence * 100).rounded())
      let range = one.interval.map { " (\(level) % \(count($0.lower)) to \(count($0.upper)))" } ?? ""
      sentences.append(
        "Beside \(count(one.defects)) real defects, these \(count(one.added)) synthetic images are worth "
          + "\(one.isAtLeast ? "at least " : "")\(count(one.worth)) more real ones\(range).")
    }
    return sentences
  }

  private func count(_ value: Double) -> String { String(format: "%.0f", value) }
}
