import Datasets
import Foundation
import TestFolders
import Testing
import Torch
import Training

struct ClassifierTrainerTests {
  private let folder: TemporaryFolder
  private let samples: [LabelledLoader.Sample]

  init() throws {
    try Runtime.setThreadCount(1)  // tiny tensors: more threads only wait for each other
    let folder = try TemporaryFolder()
    self.folder = folder
    let dataset = try folder.dataset()
    samples = dataset.images.map { .init(url: dataset.url(of: $0), label: $0.isClean ? 0 : 1) }
  }

  private func trainer(seed: UInt64, steps: Int = 12) throws -> ClassifierTrainer {
    var configuration = ClassifierConfiguration()
    (configuration.width, configuration.steps, configuration.batchSize) = (4, steps, 8)
    let loader = try LabelledLoader(
      samples: samples, transform: ImageTransform(size: 32, loadSize: 32, channels: 1, flips: false), batchSize: 8,
      seed: seed)
    return try ClassifierTrainer(configuration, loader: loader, classes: 2, seed: seed)
  }

  @Test func learnsWhatIsPlain() throws {
    let trainer = try trainer(seed: 1, steps: 120)
    var losses: [Double] = []
    try trainer.train { _, loss in losses.append(loss) }
    #expect(losses.count == 120)
    // Starts at the entropy of the classes' shares (13 and 7 of 20, one each added): 0.647; a new network adds some.
    #expect(abs(losses[0] - 0.647) < 0.35)
    #expect(losses.suffix(5).allSatisfy { $0 < 0.1 })
    let scores = try trainer.scores(samples)
    #expect(scores.count == samples.count)
    for (sample, row) in zip(samples, scores) {
      #expect(abs(row.reduce(0, +) - 1) < 1e-5)
      #expect(row[sample.label] > 0.5)
    }
  }

  @Test func theSameSeedGivesTheSameScoresAndAnotherSeedOthers() throws {
    func scores(_ seed: UInt64) throws -> [[Double]] {
      let trainer = try trainer(seed: seed)
      try trainer.train()
      return try trainer.scores(samples)
    }
    let first = try scores(1)
    #expect(try scores(1) == first)
    #expect(try scores(2) != first)
  }

  /// Whole-set scores do not depend on how the set is cut into batches.
  @Test func scoresDoNotDependOnTheBatch() throws {
    let trainer = try trainer(seed: 3)
    try trainer.train()
    let together = try trainer.scores(samples, batchSize: 64)
    let single = try trainer.scores(samples, batchSize: 1)
    for (a, b) in zip(together.joined(), single.joined()) { #expect(abs(a - b) < 1e-5) }
  }
}
