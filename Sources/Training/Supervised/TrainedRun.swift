import Files
import Foundation
import Layers
import Runs
import Torch

/// What a finished run of a classifier or segmenter left: its configuration, weights and what it was trained on.
struct TrainedRun<Configuration: SupervisedConfiguration> {
  let configuration: Configuration
  let trainingImages: TrainingImages
  /// SHA-256 of the weights' file.
  let modelHash: String
  private let weights: URL

  /// - Throws: `InputError` when there is no such run, or it is not finished.
  init(_ url: URL, kind: String) throws {
    let folder = try RunFolder(reading: url)
    let found = try folder.readRecord().kind
    guard found == kind else {
      throw InputError(at: folder.record.path, expected: "a run of a \(kind)", found: found)
    }
    configuration = try folder.readRecord(of: Configuration.self).configuration
    try configuration.check()
    trainingImages = try JSONFile.read(
      TrainingImages.self, from: folder.url.appendingPathComponent(TrainingImages.fileName))
    weights = folder.url.appendingPathComponent(RunWeights.finalName)
    guard FileManager.default.fileExists(atPath: weights.path) else {
      throw InputError(
        at: url.path, expected: "a run that is finished", found: "no \(RunWeights.finalName)",
        remedy: "Go on with it: patina train \(kind) --run \(url.path) --resume")
    }
    modelHash = try ContentHash.sha256(contentsOf: weights)
  }

  /// Gives a network of the configuration the run's weights, and switches it to evaluation.
  func load(into network: some Module) throws {
    try network.load(Safetensors(contentsOf: weights).tensors(), from: weights.path)
    try network.setTraining(false)
  }
}
