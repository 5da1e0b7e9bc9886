import Datasets
import Files
import Foundation
import Images
import Models
import Runs
import Torch
import Training

/// A trained translator of any kind, opened to translate clean images into defective ones.
public final class Translator {
  public let configuration: any TranslatorConfiguration
  /// What kind of run it is, such as `cyclegan`.
  public let kind: String
  /// SHA-256 of the weights' file.
  public let modelHash: String
  /// The step after which the weights stand.
  public let step: Int
  /// What it was trained on: synthetic data must never come near a test image.
  public let trainingImages: TrainingImages

  let model: any DefectGenerator
  /// Where it translates: where it was trained, or on the CPU of a machine that has no such device.
  public let device: Device

  /// Opens a run: the weights that its figures chose; without figures its final weights, or where it is not finished its last
  /// checkpoint.
  ///
  /// - Throws: `InputError` when there is no run, no weights yet, or weights that do not fit the configuration.
  public init(run url: URL) throws {
    let folder = try RunFolder(reading: url)
    (kind, configuration) = try Self.configuration(of: folder)
    try configuration.check()
    trainingImages = try JSONFile.read(
      TrainingImages.self, from: folder.url.appendingPathComponent(TrainingImages.fileName))
    device = (try? Device(configuration.device)) ?? .cpu
    model = try configuration.networks()
    if let final = RunWeights.url(in: folder.url) {
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

  private static func configuration(of folder: RunFolder) throws -> (String, any TranslatorConfiguration) {
    let kind = try folder.readRecord().kind
    switch kind {
    case CycleGANTrainer.kind: return (kind, try folder.readRecord(of: CycleGANConfiguration.self).configuration)
    case CUTTrainer.kind: return (kind, try folder.readRecord(of: CUTConfiguration.self).configuration)
    default:
      throw InputError(
        at: folder.record.path, expected: "a run of \(CycleGANTrainer.kind) or \(CUTTrainer.kind)", found: kind)
    }
  }

  /// Makes defective images of clean ones of one size, whose sides are multiples of 4.
  ///
  /// - Parameter masks: [N, classes, H, W] for a translator that is conditioned on them, else nil.
  public func translate(_ clean: [Image], masks: PixelBatch? = nil) throws -> [Image] {
    try withoutGradients {
      let mask = try masks.map { try DefectMask($0.tensor(on: device)) }
      return try PixelBatch.images(of: model.makingDefects(on: PixelBatch(clean).tensor(on: device), where: mask))
    }
  }

  /// How real the discriminator finds defective images of one size: towards 1 real, towards 0 made.
  ///
  /// - Parameter masks: [N, classes, H, W] for a translator that is conditioned on them, else nil.
  func realness(of defective: [Image], masks: PixelBatch? = nil) throws -> [Double] {
    try withoutGradients {
      let mask = try masks.map { try DefectMask($0.tensor(on: device)) }
      return try model.realness(of: PixelBatch(defective).tensor(on: device), where: mask).elements(as: Float.self)
        .map(Double.init)
    }
  }
}
