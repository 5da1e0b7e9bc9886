import Datasets
import Foundation
import TestFolders
import Training

extension TemporaryFolder {
  /// A CycleGAN without masks that learned for some steps, on the first class of a data set, at native scale.
  func cycleGAN(
    _ name: String = "run", on dataset: Dataset, size: Int = 32, channels: Int = 1, flips: Bool = true,
    steps: Int = 2, learningRate: Double = 2e-4
  ) throws -> URL {
    let source = TrainingSource.dataset(
      path: dataset.folder.path, clean: dataset.cleanName, defect: dataset.categories[0].name)
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: size, loadSize: nil, channels: channels, flips: flips), threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (8, 4, 2)
    configuration.length = .steps(steps)
    configuration.learningRate = learningRate
    try CycleGANRun.start(configuration, in: self[name]).train()
    return self[name]
  }

  /// A CUT, as published but small.
  func cut(_ name: String = "cut", on dataset: Dataset) throws -> URL {
    let source = TrainingSource.dataset(
      path: dataset.folder.path, clean: dataset.cleanName, defect: dataset.categories[0].name)
    var configuration = CUTConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (8, 4, 6)
    configuration.length = .steps(2)
    try CUTRun.start(configuration, in: self[name]).train()
    return self[name]
  }
}
