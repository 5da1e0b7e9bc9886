import Datasets
import Images
import Layers
import Torch
import Training

/// A segmenter of this project as the checks see it.
final class SegmenterLearner: CheckedLearner {
  private let trainer: SegmenterTrainer
  var network: any Module { trainer.model }

  init(_ trainer: SegmenterTrainer) { self.trainer = trainer }

  func logits(_ inputs: Tensor) throws -> Tensor { try trainer.logits(inputs) }
  func loss(_ logits: Tensor, _ labels: Tensor) throws -> Tensor { try trainer.loss(logits, labels) }
  func learn(_ inputs: Tensor, _ labels: Tensor) throws -> Double { try trainer.train(inputs, labels) }
  func answer(for image: Image) throws -> TrainedSegmenter.Answer { try trainer.answer(for: image) }
}

extension LearnerSubject {
  /// A training of a segmenter, as a run's configuration has it.
  ///
  /// - Parameter heldOut: what its evaluation is tried on; the whole-set check is left out where there is nothing.
  static func segmenter(
    _ configuration: SegmenterRunConfiguration, on images: LabelledImages, heldOut: LabelledImages?
  ) throws -> LearnerSubject {
    let loader = try SegmentationLoader(
      images: images, size: configuration.size, channels: configuration.channels,
      defectShare: configuration.defectShare, turns: configuration.turns, batchSize: configuration.segmenter.batchSize,
      seed: configuration.seed)
    var subject = LearnerSubject(
      classNames: images.classNames, classShares: try loader.pixelShares(),
      make: { seed, width in
        var settings = configuration.segmenter
        settings.steps = endless
        settings.width *= width
        return SegmenterLearner(try SegmenterTrainer(settings, loader: loader, seed: seed))
      },
      batch: { step in
        let batch = try loader.batch(step: step)
        return LabelledTensors(inputs: try batch.pixels.tensor(), labels: try batch.labelTensor())
      })
    subject.isCrossEntropy = configuration.segmenter.loss.dice == 0 && configuration.segmenter.loss.classWeights == nil
    if let held = heldOut?.mapped.items, let first = held.first {
      // Of one size, so that they stand in one tensor.
      let alike = held.filter { $0.image.width == first.image.width && $0.image.height == first.image.height }
      let some = evenly(alike, most: 8)
      let pictures = try some.map { try $0.pixels(channels: configuration.channels) }
      let labels = some.flatMap { $0.labelMap() }
      let samples = LabelledTensors(
        inputs: try PixelBatch(pictures).tensor(),
        labels: try Tensor(labels, shape: [some.count, first.image.height, first.image.width]).converted(to: .int64))
      subject.evaluation = Evaluation(samples: samples) { learner in
        guard let learner = learner as? SegmenterLearner else { return .nan }
        let called = try pictures.flatMap { try learner.answer(for: $0).labels }
        return Double(zip(called, labels).count { $0 == $1 }) / Double(max(1, labels.count))
      }
    }
    return subject
  }
}
