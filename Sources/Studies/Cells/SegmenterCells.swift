import Datasets
import Runs
import Training

/// Segmenters that learn from windows, and are scored on whole images.
struct SegmenterCells: CellNetwork {
  private let settings: SegmenterSettings
  private let data: StudyData
  private let train: LabelledImages
  private let held: [Split: LabelledImages]
  /// Decoded once for all cells.
  private let images = ScaledImages()

  init(_ settings: SegmenterSettings, data: StudyData) throws {
    self.settings = settings
    self.data = data
    train = try data.labelled(.train)
    held = [.validation: try data.labelled(.validation), .test: try data.labelled(.test)]
  }

  func training(_ arm: StudyArm, with added: AddedImages?, counts: [Int], seed: UInt64) throws -> any CellTraining {
    let made = try added.flatMap {
      $0.datasets.isEmpty
        ? nil : try LabelledImages($0.datasets, defects: Array(data.classes.dropFirst()), split: .train).items
    }
    let loader = try SegmentationLoader(
      images: LabelledImages(classNames: train.classNames, items: train.items + (made ?? [])), size: settings.window,
      channels: data.channels,
      defectShare: arm.treatment == .oversampling ? StudyArm.oversampledShare : settings.defectShare,
      turns: arm.treatment == .augmentation, tones: arm.treatment == .augmentation, batchSize: settings.batchSize,
      seed: seed, decoded: images)
    var configuration = SegmenterConfiguration()
    configuration.width = settings.width
    configuration.depth = settings.depth
    configuration.steps = settings.steps
    configuration.batchSize = settings.batchSize
    configuration.learningRate = settings.learningRate
    configuration.weightDecay = settings.weightDecay
    if let precision = settings.precision { configuration.precision = precision }
    configuration.schedule = settings.schedule
    configuration.loss.classWeights = try weights(arm, loader, counts)
    let trainer = try SegmenterTrainer(configuration, loader: loader, seed: seed)
    return Training(trainer: trainer, held: held, channels: data.channels)
  }

  /// Class weights go by the pixels of the windows; effective numbers are of images, since a pixel more of the same defect tells
  /// hardly anything new.
  private func weights(_ arm: StudyArm, _ loader: SegmentationLoader, _ counts: [Int]) throws -> [Double]? {
    guard arm.treatment == .classWeights else { return arm.treatment?.classWeights(counts) }
    let pixels = settings.window * settings.window * settings.batchSize
    return arm.treatment?.classWeights(try loader.pixelShares().map { max(1, Int($0 * Double(pixels))) })
  }

  private struct Training: CellTraining {
    let trainer: SegmenterTrainer
    let held: [Split: LabelledImages]
    let channels: Int

    func train(onStep: (Int, Double) throws -> Void) throws { try trainer.train(onStep: onStep) }

    func predictions(_ split: Split) throws -> [Prediction] {
      guard let images = held[split] else { return [] }
      return try images.items.map { item in
        let answer = try trainer.answer(for: item.pixels(channels: channels))
        return Prediction(
          image: item.image.fileName, group: item.image.group, truth: item.label, scores: answer.scores,
          pixels: try ClassPixels.all(of: item, called: answer.labels, classes: images.classNames.count))
      }
    }

    func checkpoint() throws -> Checkpoint { try trainer.checkpoint() }
    func restore(_ checkpoint: Checkpoint) throws { try trainer.restore(checkpoint) }
  }
}
