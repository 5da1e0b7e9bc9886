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
    // What is wrong with its files is told by the checks of the data.
    steps = Examination.Step.deferred(LearnerChecks.checks, "no classifier can be trained") {
      guard dataset.isSplit else { throw CannotCheck("the data set is not split: patina split") }
      let sets = try LabelledSets([dataset])
      guard sets.images.counts[0] > 0 else { throw CannotCheck("the training split has no clean image") }
      let configuration = ClassifierRunConfiguration(
        source: sets.source, size: Self.size, channels: sets.channels, threads: threads)
      let held = try LabelledImages([dataset], defects: Array(sets.source.classNames.dropFirst()), split: .validation)
        .real
      return LearnerChecks(
        try .classifier(configuration, on: sets.images, heldOut: held), seed: seed
      ).steps()
    }
  }
}
