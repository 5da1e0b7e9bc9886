import Datasets
import Runs
import Training

/// Classifiers of whole images.
struct ClassifierCells: CellNetwork {
  private let settings: ClassifierSettings
  private let size: Int
  private let data: StudyData
  /// Decoded once for all cells.
  private let images = ScaledImages()

  init(_ settings: ClassifierSettings, size: Int, data: StudyData) {
    self.settings = settings
    self.size = size
    self.data = data
  }

  func train(
    _ arm: StudyArm, with added: AddedImages?, counts: [Int], seed: UInt64, onStep: (Int, Double) throws -> Void
  ) throws -> Predict {
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
    let trainer = try ClassifierTrainer(
      configuration, loader: loader, classes: data.classes.count, classWeights: arm.treatment?.classWeights(counts),
      seed: seed)
    try trainer.train(onStep: onStep)
    return { split in
      let items = data.items(split)
      return zip(items, try trainer.scores(items.map(sample))).map { item, scores in
        Prediction(image: item.image.fileName, group: item.image.group, truth: item.label, scores: scores)
      }
    }
  }

  private func sample(_ item: StudyData.Item) -> LabelledLoader.Sample { .init(url: item.url, label: item.label) }
}
