import Datasets
import Runs
import Torch
import Training

/// Classifiers of whole images.
struct ClassifierCells: CellNetwork {
  private let settings: ClassifierSettings
  private let size: Int
  private let data: StudyData
  /// Weights that every network begins with.
  private let backbone: Safetensors?
  /// Decoded once for all cells.
  private let images = ScaledImages()

  init(_ settings: ClassifierSettings, size: Int, data: StudyData, backbone: Safetensors?) {
    self.settings = settings
    self.size = size
    self.data = data
    self.backbone = backbone
  }

  func training(_ arm: StudyArm, with added: AddedImages?, counts: [Int], seed: UInt64) throws -> any CellTraining {
    let loader = try LabelledLoader(
      samples: data.train.map(sample) + (added?.samples ?? []), transform: data.transform(size: size),
      augmentation: arm.treatment == .augmentation ? .classical : .none,
      sampling: arm.treatment == .oversampling ? .balanced : .natural, batchSize: settings.batchSize, seed: seed,
      images: images)
    var configuration = ClassifierConfiguration()
    configuration.width = settings.width
    configuration.steps = settings.steps
    configuration.batchSize = settings.batchSize
    configuration.learningRate = settings.learningRate
    configuration.weightDecay = settings.weightDecay
    if let precision = settings.precision { configuration.precision = precision }
    if let stem = settings.stem { configuration.stem = stem }
    configuration.schedule = settings.schedule
    let trainer = try ClassifierTrainer(
      configuration, loader: loader, classes: data.classes.count, classWeights: arm.treatment?.classWeights(counts),
      seed: seed, backbone: backbone)
    return Training(trainer: trainer, data: data)
  }

  private func sample(_ item: StudyData.Item) -> LabelledLoader.Sample { .init(url: item.url, label: item.label) }

  private struct Training: CellTraining {
    let trainer: ClassifierTrainer
    let data: StudyData

    func train(onStep: (Int, Double) throws -> Void) throws { try trainer.train(onStep: onStep) }

    func predictions(_ split: Split) throws -> [Prediction] {
      let items = data.items(split)
      let scores = try trainer.scores(items.map { .init(url: $0.url, label: $0.label) })
      return zip(items, scores).map { item, scores in
        Prediction(image: item.image.fileName, group: item.image.group, truth: item.label, scores: scores)
      }
    }

    func checkpoint() throws -> Checkpoint { try trainer.checkpoint() }
    func restore(_ checkpoint: Checkpoint) throws { try trainer.restore(checkpoint) }
  }
}
