import Datasets
import Foundation
import Training

/// A small classifier on a data set: whether its images and labels can be learned from at all.
///
/// Whole images of 64 pixels, a ResNet-18 of 16 filters, the real class shares: the settings of `patina train classifier`.
struct DatasetTraining {
  /// Side at which images are shown.
  private static let size = 64

  let steps: [Examination.Step]

  init(_ dataset: Dataset, seed: UInt64, threads: Int) {
    let checks: [Check] = [
      .networkInput, .sameSeed, .lossAtInitialisation, .classPrior, .sampleDependency, .parametersMove, .updateRatio,
      .overfitOneBatch, .evaluationMode, .wholeSet, .inputIndependent, .dumbBaselines, .capacity,
    ]
    func none(_ reason: String) -> [Examination.Step] { checks.map { check in .init(check) { .notRun(reason) } } }
    guard dataset.isSplit else {
      steps = none("the data set is not split: patina split")
      return
    }
    do {
      let sets = try LabelledSets([dataset])
      guard sets.images.counts[0] > 0 else {
        steps = none("the training split has no clean image")
        return
      }
      let configuration = ClassifierRunConfiguration(
        source: sets.source, size: Self.size, channels: sets.channels, threads: threads)
      let held = try LabelledImages([dataset], defects: Array(sets.source.classNames.dropFirst()), split: .validation)
        .real
      let subject = try LearnerSubject.classifier(configuration, on: sets.images, heldOut: held)
      let learner = LearnerChecks(subject, seed: seed)
      steps = try learner.steps(secondsPerStep: learner.secondsPerStep())
    } catch {
      // What is wrong with its files is told by the checks of the data.
      steps = none("no classifier can be trained: \(error)")
    }
  }
}
