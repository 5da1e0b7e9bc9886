import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing
import Torch

@testable import Models
@testable import Training

/// Features of a classifier that the user trained, in place of Inception's.
struct ClassifierFeaturesTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    try Runtime.setThreadCount(1)
    folder = try TemporaryFolder()
    dataset = try folder.spotsAndHoles()
    let sets = try LabelledSets([dataset])
    var configuration = ClassifierRunConfiguration(source: sets.source, size: 32, channels: 1, threads: 1)
    (configuration.classifier.width, configuration.classifier.steps, configuration.classifier.batchSize) = (4, 3, 8)
    try ClassifierRun.start(configuration, on: sets, in: folder["run"]).train()
  }

  /// They are what the last layer sees: from them follow the scores.
  @Test func theyAreWhatTheLastLayerSees() throws {
    let network = try FeatureNetwork(contentsOf: folder["run"])
    let classifier = try TrainedClassifier(run: folder["run"])
    #expect(network.featureCount == 32 && network.hash == classifier.modelHash)
    #expect(network.name == "ResNet-18 trained on marks (weights \(network.hash.prefix(12))), 32 features")
    #expect(try FeatureNetwork.hash(of: folder["run"]) == network.hash)
    let files = dataset.images(split: .test).map { dataset.url(of: $0) }
    let features = try network.features(of: files, batchSize: 4)
    #expect(features.shape == [9, 32])
    let scores = try withoutGradients { try classifier.model.fc(features).softmax(1).elements(as: Double.self) }
    let expected = try classifier.scores(of: files).flatMap { $0 }
    #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  /// Images in memory are seen as files are, in colour or grey.
  @Test func imagesInMemoryAreSeenAlike() throws {
    let network = try FeatureNetwork(contentsOf: folder["run"])
    let image = dataset.images(split: .test)[1]
    let pixels = try dataset.pixels(of: image)
    let fromFile = try network.features(of: [dataset.url(of: image)]).floats()
    for each in [pixels, pixels.colour()] {
      let features = try network.features(of: PixelBatch([each]).tensor()).floats()
      #expect(zip(features, fromFile).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func otherFoldersAreRefused() throws {
    #expect(throws: InputError.self) { try FeatureNetwork(contentsOf: dataset.folder) }
    #expect(throws: InputError.self) { try FeatureNetwork.hash(of: dataset.folder) }
    #expect(throws: InputError.self) { try FeatureNetwork.hash(of: folder["nowhere"]) }
  }
}
