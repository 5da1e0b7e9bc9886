import Files
import Foundation
import Models
import Runs
import Torch
import Training

/// What a training has come to, as the checks see it: pictures of one domain into pictures of the other.
public struct TrainedTranslator {
  /// Shapes: [N, C, H, W] in [−1, 1] → the same. With a mask, blended into the picture by it.
  public typealias Translation = (_ images: Tensor, _ mask: DefectMask?) throws -> Tensor

  public var makeDefects: Translation
  /// nil where nothing leads back.
  public var removeDefects: Translation?
  /// The step after which the weights stand.
  public var step: Int

  public init(makeDefects: @escaping Translation, removeDefects: Translation? = nil, step: Int = 0) {
    self.makeDefects = makeDefects
    self.removeDefects = removeDefects
    self.step = step
  }

  /// The weights that a run's figures chose; without figures its final ones, or those of its last checkpoint. On the CPU.
  ///
  /// - Throws: `CannotCheck` where the run has none yet, `InputError` where they do not fit its configuration.
  init(of run: RunFolder, _ configuration: any TranslatorConfiguration) throws {
    let model = try configuration.networks()
    let weights: [String: Tensor]
    if let url = RunWeights.url(in: run.url) {
      let file = try Safetensors(contentsOf: url)
      weights = try file.tensors()
      step = Int(file.metadata["step"] ?? "") ?? 0
    } else if let last = try? CheckpointFolder(run.checkpoints).latest() {
      weights = last.tensors(under: "model")
      step = last.step
    } else {
      throw CannotCheck("the run has no weights yet, and no checkpoint that can be read")
    }
    try model.load(weights, from: run.url.path)
    makeDefects = { try model.makingDefects(on: $0, where: $1) }
    guard let model = model as? CycleGAN else { return }
    removeDefects = { try model.removingDefects(from: $0, where: $1) }
  }

  func translation(_ direction: TranslationDirection) -> Translation? {
    direction == .cleanToDefect ? makeDefects : removeDefects
  }
}

/// Why a check is not made.
struct CannotCheck: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
