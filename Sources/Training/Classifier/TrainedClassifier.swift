import Datasets
import Files
import Foundation
import Images
import Models
import Torch

/// A trained classifier, opened to score images.
public final class TrainedClassifier {
  public let configuration: ClassifierRunConfiguration
  /// SHA-256 of the weights' file.
  public let modelHash: String
  public let trainingImages: TrainingImages
  let model: ResNet18

  /// The clean class, then the defects.
  public var classNames: [String] { configuration.source.classNames }

  /// - Throws: `InputError` when there is no such run, it is not finished, or its weights do not fit.
  public init(run url: URL) throws {
    let run = try TrainedRun<ClassifierRunConfiguration>(url, kind: ClassifierTrainer.kind)
    configuration = run.configuration
    modelHash = run.modelHash
    trainingImages = run.trainingImages
    model = try configuration.model(generator: Generator(seed: 0))
    try run.load(into: model)
  }

  /// Softmax scores of each file, in order: one per class.
  public func scores(of files: [URL], progress: (Int) -> Void = { _ in }) throws -> [[Double]] {
    let samples = files.map { LabelledLoader.Sample(url: $0, label: 0) }
    guard !samples.isEmpty else { return [] }
    let loader = try LabelledLoader(
      samples: samples, transform: configuration.transform, batchSize: 1, seed: 0, images: ScaledImages(room: 0))
    return try model.scores(samples, loader, progress: progress)
  }

  /// Softmax scores of images in memory, in order: one per class.
  public func scores(of images: [Image]) throws -> [[Double]] {
    guard !images.isEmpty else { return [] }
    return try model.scores(of: PixelBatch(images.map { try configuration.transform.central($0) }).tensor())
  }

  /// The figures of a whole set.
  ///
  /// - Parameter thresholds: where F1 is taken for each defect; nil takes 0.5.
  public func figures(
    of images: LabelledImages, thresholds: [String: Double]? = nil, progress: (Int) -> Void = { _ in }
  ) throws -> ClassifierFigures {
    let scores = try scores(of: images.items.map(\.url), progress: progress)
    return try ClassifierFigures(
      scores: scores, truths: images.items.map(\.label), classNames: images.classNames, thresholds: thresholds)
  }
}
