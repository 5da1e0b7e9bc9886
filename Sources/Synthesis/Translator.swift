import Datasets
import Files
import Foundation
import Images
import Models
import Runs
import Torch
import Training

/// A trained CycleGAN, opened to translate clean images into defective ones.
public final class Translator {
  public let configuration: CycleGANConfiguration
  /// SHA-256 of the weights' file.
  public let modelHash: String
  /// The step after which the weights stand.
  public let step: Int
  /// What it was trained on: synthetic data must never come near a test image.
  public let trainingImages: TrainingImages

  private let model: CycleGAN
  private let device: Device

  /// Opens a run: its final weights, or where it is not finished its last checkpoint.
  ///
  /// - Throws: `InputError` when there is no run, no weights yet, or weights that do not fit the configuration.
  public init(run url: URL) throws {
    let folder = try RunFolder(reading: url)
    let record = try folder.readRecord(of: CycleGANConfiguration.self)
    guard record.kind == CycleGANRun.kind else {
      throw InputError(at: folder.record.path, expected: "a run of \(CycleGANRun.kind)", found: record.kind)
    }
    configuration = record.configuration
    try configuration.check()
    trainingImages = try JSONFile.read(
      TrainingImages.self, from: folder.url.appendingPathComponent(TrainingImages.fileName))
    device = try Device(configuration.device)
    model = try CycleGAN(
      channels: configuration.transform.channels, filters: configuration.filters, blocks: configuration.blocks,
      discriminatorFilters: configuration.discriminatorFilters, generator: Generator(seed: configuration.seed))

    let final = folder.url.appendingPathComponent(CycleGANRun.weightsName)
    if FileManager.default.fileExists(atPath: final.path) {
      let file = try Safetensors(contentsOf: final)
      try model.load(file.tensors(), from: final.path)
      step = Int(file.metadata["step"] ?? "") ?? 0
      modelHash = try ContentHash.sha256(contentsOf: final)
    } else {
      let checkpoints = CheckpointFolder(folder.checkpoints)
      guard let last = try checkpoints.steps().last else {
        throw InputError(
          at: url.path, expected: "a run with weights", found: "none yet", remedy: "Train it first, or resume it")
      }
      let file = checkpoints.file(step: last)
      try model.load(Checkpoint(contentsOf: file).tensors(under: "model"), from: file.path)
      step = last
      modelHash = try ContentHash.sha256(contentsOf: file)
    }
    try model.move(to: device)
  }

  /// Makes defective images of clean ones, which have the network's size.
  public func translate(_ clean: [Image]) throws -> [Image] {
    try withoutGradients {
      try PixelBatch.images(of: model.cleanToDefect(PixelBatch(clean).tensor(on: device)))
    }
  }
}
