import Datasets
import Layers
import Models
import Optimizers
import Randomness
import Torch

/// A run of CUT or FastCUT in its folder.
public typealias CUTRun = TranslatorRun<CUTTrainer>

/// CUT in training: its whole state, and its one step (Park et al., ECCV 2020; docs of each loss in `CUTLoss`).
public final class CUTTrainer: TranslatorTrainer {
  public static let kind = "cut"

  public let configuration: CUTConfiguration
  public let model: CUT
  public let execution: TrainingExecution
  public private(set) var step = 0

  let device: Device
  private let lossGuard: LossGuard
  /// Of generator and heads; the discriminator has its own.
  private let translatorOptimizer: Adam
  private let discriminatorOptimizer: Adam

  public init(_ configuration: CUTConfiguration, execution: TrainingExecution? = nil) throws {
    try configuration.check()
    self.configuration = configuration
    device = try Device(configuration.device)
    self.execution = execution ?? TrainingExecution(on: device)
    lossGuard = LossGuard(defers: self.execution.defersChecks)
    try self.execution.configure(device)
    model = try configuration.model()
    try model.move(to: device, channelsLast: self.execution.channelsLast)
    translatorOptimizer = try configuration.adam([
      "clean_to_defect": model.cleanToDefect, "patch_heads": model.patchHeads,
    ])
    discriminatorOptimizer = try configuration.adam(["defect_discriminator": model.defectDiscriminator])
  }

  /// One step: the discriminator first, on what the generator makes, then generator and heads, judged by it as it is then.
  ///
  /// A loss that is no finite number never reaches a weight.
  @discardableResult
  public func train(
    clean: Tensor, defect: Tensor, masks: DefectMasks? = nil, rateFactor: Double
  ) throws -> PendingLosses<CUTLosses> {
    let precision = configuration.precision.dataType
    let loss = configuration.loss
    translatorOptimizer.learningRate = configuration.learningRate * rateFactor
    discriminatorOptimizer.learningRate = configuration.learningRate * rateFactor
    let clean = try clean.contiguous(channelsLast: execution.channelsLast)
    let defect = try defect.contiguous(channelsLast: execution.channelsLast)

    // By the step alone, so that no checkpoint has to hold it.
    var random = SeededGenerator(seed: configuration.seed, purpose: "patches", step)
    let draw = try CUTDraw(for: loss, model, height: clean.shape[2], width: clean.shape[3], using: &random)
      .moved(to: device)
    let pass = try withAutocast(precision, on: device) {
      try loss.pass(model, clean: clean, defect: defect, masks: masks, draw)
    }

    let discriminator = try withAutocast(precision, on: device) {
      try loss.discriminator(
        model.defectDiscriminator, real: masks?.defect.behind(defect) ?? defect, fake: pass.judged)
    }
    try lossGuard.check(discriminator, of: .discriminator, step: step + 1)
    try discriminatorOptimizer.zeroGradients()
    try discriminator.backward()
    try discriminatorOptimizer.step(skippedIf: lossGuard.failed)

    try model.defectDiscriminator.setRequiresGradient(false)
    defer { try? model.defectDiscriminator.setRequiresGradient(true) }
    let translator = try withAutocast(precision, on: device) { try loss.translator(model, pass) }
    try lossGuard.check(translator.total, of: .generator, step: step + 1)
    try translatorOptimizer.zeroGradients()
    try translator.total.backward()
    try translatorOptimizer.step(skippedIf: lossGuard.failed)

    step += 1
    let none = try Tensor.zeros([], device: device)
    return try PendingLosses(
      step: step, losses: [translator.adversarial, translator.nce, translator.nceIdentity ?? none, discriminator],
      sums: [.generator: translator.total, .discriminator: discriminator])
  }

  // MARK: Batches

  public func train(_ batch: UnpairedBatch, rateFactor: Double) throws -> PendingLosses<CUTLosses> {
    try train(
      clean: batch.a.tensor(on: device), defect: batch.b.tensor(on: device), masks: batch.masks(on: device),
      rateFactor: rateFactor)
  }

  /// Rows: clean, made defective; defect, and what becomes of it, which should be itself. With masks, these before each.
  public func pictures(of batch: UnpairedBatch) throws -> [(caption: String, images: Tensor)] {
    try pictures(clean: batch.a.tensor(on: device), defect: batch.b.tensor(on: device), masks: batch.masks(on: device))
  }

  /// The same of images on the trainer's device.
  ///
  /// Shapes: clean and defect [N, C, H, W] in [−1, 1] → rows of the same.
  public func pictures(
    clean: Tensor, defect: Tensor, masks: DefectMasks?
  ) throws -> [(caption: String, images: Tensor)] {
    var rows = [
      ("clean", clean), ("to defect", try model.makingDefects(on: clean, where: masks?.clean)), ("defect", defect),
      ("kept", try model.makingDefects(on: defect, where: masks?.defect)),
    ]
    if let masks {
      rows.insert(("mask", try masks.defect.picture(like: defect)), at: 3)
      rows.insert(("mask", try masks.clean.picture(like: clean)), at: 1)
    }
    return rows
  }

  public func madeDefects(of batch: UnpairedBatch) throws -> Tensor {
    try model.makingDefects(on: batch.a.tensor(on: device), where: batch.masks(on: device)?.clean)
  }

  public func realDefects(of batch: UnpairedBatch) throws -> Tensor { try batch.b.tensor(on: device) }

  // MARK: State

  /// - Throws: `TorchError` when a loss was no finite number, even if nobody has read it.
  public func checkpoint() throws -> Checkpoint {
    try lossGuard.requireNone(before: step + 1)
    var result = Checkpoint(step: step, tensors: [:])
    result.add(try model.stateDictionary(), under: "model")
    result.add(try translatorOptimizer.stateTensors(), under: "translator_optimizer")
    result.add(try discriminatorOptimizer.stateTensors(), under: "discriminator_optimizer")
    return result
  }

  public func restore(_ checkpoint: Checkpoint) throws {
    try model.load(checkpoint.tensors(under: "model"))
    try translatorOptimizer.restore(checkpoint.tensors(under: "translator_optimizer"))
    try discriminatorOptimizer.restore(checkpoint.tensors(under: "discriminator_optimizer"))
    lossGuard.reset()
    step = checkpoint.step
  }

  public func weights() throws -> [String: Tensor] { try model.stateDictionary() }
}
