import Datasets
import Files
import Foundation
import Runs
import Torch
import Training

/// Trains one cell: one arm with one seed. Arms differ in what is named here and in nothing else.
public struct CellTrainer {
  private let settings: StudySettings
  private let data: StudyData
  private let added: [StudyArm.Addition: Added]
  /// Decoded once for all cells.
  private let images = ScaledImages()

  /// Images that an arm adds to the real ones.
  private struct Added {
    var samples: [LabelledLoader.Sample] = []
    /// By class.
    var counts: [Int]
    /// Of what they were made from.
    var groups: [String] = []

    /// - Parameter made: the images of each defect class.
    init(_ made: [String: Dataset], settings: StudySettings) {
      counts = [Int](repeating: 0, count: settings.classes.count)
      for (index, defect) in settings.defects.enumerated() {
        guard let made = made[defect] else { continue }
        counts[index + 1] = made.images.count
        samples += made.images.map { .init(url: made.url(of: $0), label: index + 1) }
        groups += made.images.map(\.group)
      }
    }
  }

  /// - Parameter added: all that arms add to the real images.
  public init(_ settings: StudySettings, data: StudyData, added: StudyAdditions.Made) {
    self.settings = settings
    self.data = data
    self.added = added.mapValues { Added($0, settings: settings) }
  }

  /// - Parameter onStep: called after each step; throwing from it ends the training.
  public func train(_ cell: StudyCell, onStep: (Int) throws -> Void = { _ in }) throws -> CellRecord {
    let start = ProcessInfo.processInfo.systemUptime
    let classes = settings.classes
    let real = data.train.map { LabelledLoader.Sample(url: $0.url, label: $0.label) }
    let arm = cell.arm
    let added = arm.addition.flatMap { self.added[$0] }
    let seed = UInt64(cell.seed)
    let loader = try LabelledLoader(
      samples: real + (added?.samples ?? []),
      transform: data.transform(size: settings.imageSize),
      augmentation: arm.treatment == .augmentation ? .classical : .none,
      sampling: arm.treatment == .oversampling ? .balanced : .natural, batchSize: settings.classifier.batchSize,
      seed: seed, images: images)

    let counts = classes.indices.map { data.count(data.train, $0) }
    let weights = arm.treatment?.classWeights(zip(counts, added?.counts ?? counts.map { _ in 0 }).map(+))

    var configuration = ClassifierConfiguration()
    configuration.width = settings.classifier.width
    configuration.steps = settings.classifier.steps
    configuration.batchSize = settings.classifier.batchSize
    configuration.learningRate = settings.classifier.learningRate
    configuration.weightDecay = settings.classifier.weightDecay
    let trainer = try ClassifierTrainer(
      configuration, loader: loader, classes: classes.count, classWeights: weights, seed: seed)
    var losses: [LossPoint] = []
    let interval = max(1, settings.classifier.steps / 50)
    try trainer.train { step, loss in
      if step % interval == 0 { losses.append(LossPoint(step: step, loss: loss)) }
      try onStep(step)
    }
    let validation = try predictions(trainer, data.validation)
    let test = try predictions(trainer, data.test)
    var composition = zip(classes, counts).map { TrainingCount(origin: .real, label: $0, count: $1) }
    if let added {
      let origin: TrainingCount.Origin = arm.addition == .oracle ? .real : .synthetic
      composition += zip(classes, added.counts).dropFirst().map { TrainingCount(origin: origin, label: $0, count: $1) }
    }
    return CellRecord(
      id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, split: cell.part.split,
      fraction: cell.part.fraction, classes: classes, steps: settings.classifier.steps,
      validation: validation, test: test, loss: losses, seconds: ProcessInfo.processInfo.systemUptime - start,
      trainingImages: composition, threads: Runtime.threadCount, libtorch: try Runtime.runningVersion(),
      audit: audit(added))
  }

  /// Counted anew for each cell, from what it was trained on.
  private func audit(_ added: Added?) -> [Fact] {
    let held = data.validation + data.test
    let contents = Set(held.map(\.contentKey))
    let groups = Set(held.map(\.image.group))
    let trained = data.train.map(\.image.group) + (added?.groups ?? [])
    return [
      Fact("training images also held out", "\(data.train.count { contents.contains($0.contentKey) })"),
      Fact("training images of held-out groups", "\(trained.count { groups.contains($0) })"),
    ]
  }

  private func predictions(_ trainer: ClassifierTrainer, _ items: [StudyData.Item]) throws -> [Prediction] {
    let scores = try trainer.scores(items.map { .init(url: $0.url, label: $0.label) })
    return zip(items, scores).map { item, scores in
      Prediction(image: item.image.fileName, group: item.image.group, truth: item.label, scores: scores)
    }
  }
}
