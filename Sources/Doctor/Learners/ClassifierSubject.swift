import Datasets
import Images
import Layers
import Torch
import Training

/// A classifier of this project as the checks see it.
final class ClassifierLearner: CheckedLearner {
  private let trainer: ClassifierTrainer
  var network: any Module { trainer.model }

  init(_ trainer: ClassifierTrainer) { self.trainer = trainer }

  func logits(_ inputs: Tensor) throws -> Tensor { try trainer.logits(inputs) }
  func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor { try trainer.loss(logits, labels) }
  func learn(_ inputs: Tensor, _ labels: Tensor) throws -> Double { try trainer.train(inputs, labels) }
  /// By the way that a run is scored.
  func scores(_ samples: [LabelledLoader.Sample]) throws -> [[Double]] { try trainer.scores(samples, batchSize: 64) }
}

extension LearnerSubject {
  /// More steps than checks take: the rate stays what it is in the beginning.
  static let endless = 1_000_000

  /// A training of a classifier, as a run's configuration has it.
  ///
  /// - Parameter heldOut: what its evaluation is tried on; the whole-set check is left out where there is nothing.
  static func classifier(
    _ configuration: ClassifierRunConfiguration, on images: LabelledImages, heldOut: LabelledImages?
  ) throws -> LearnerSubject {
    let samples = images.items.map { LabelledLoader.Sample(url: $0.url, label: $0.label) }
    let loader = try LabelledLoader(
      samples: samples, transform: configuration.transform, augmentation: configuration.augmentation,
      sampling: configuration.sampling, batchSize: configuration.classifier.batchSize, seed: configuration.seed)
    let classes = images.classNames.count
    var counts = [Double](repeating: 0, count: classes)
    for sample in samples { counts[sample.label] += 1 }
    let isBalanced = configuration.sampling == .balanced
    let present = Double(counts.count { $0 > 0 })
    var subject = LearnerSubject(
      classNames: images.classNames,
      classShares: counts.map { isBalanced ? ($0 > 0 ? 1 / present : 0) : $0 / Double(samples.count) },
      make: { seed, width in
        var settings = configuration.classifier
        settings.steps = endless
        settings.width *= width
        return ClassifierLearner(try ClassifierTrainer(settings, loader: loader, classes: classes, seed: seed))
      },
      batch: { step in
        let batch = try loader.batch(step: step)
        return LabelledTensors(inputs: try batch.pixels.tensor(), labels: try Tensor(batch.labels))
      })
    if configuration.augmentation == .none {
      subject.pictures = { step in
        try loader.indices(step: step).map { try configuration.transform.central(samples[$0].url) }
      }
    }
    let held = (heldOut?.items ?? []).map { LabelledLoader.Sample(url: $0.url, label: $0.label) }
    if !held.isEmpty {
      // An odd number, so that the last batch of an evaluation is a short one.
      let some = Array(evenly(held, most: 301))
      let all = try loader.evaluating(some).evaluationBatch(some.indices)
      subject.evaluation = Evaluation(
        samples: LabelledTensors(inputs: try all.pixels.tensor(), labels: try Tensor(all.labels))
      ) { learner in
        guard let learner = learner as? ClassifierLearner else { return .nan }
        let scores = try learner.scores(some)
        let right = zip(scores, some).count { scores, sample in
          scores.indices.max { scores[$0] < scores[$1] } == sample.label
        }
        return Double(right) / Double(some.count)
      }
    }
    return subject
  }

  /// So many of a list at most, evenly taken.
  static func evenly<Element>(_ all: [Element], most: Int) -> [Element] {
    let count = min(most, all.count)
    return (0..<count).map { all[$0 * all.count / count] }
  }
}
