import Datasets
import Files
import Foundation
import Layers
import Models
import Optimizers
import Randomness
import Torch

/// The values of the losses in one step, with their weights.
public struct CycleGANLosses: Equatable, Sendable {
  public var adversarialDefect = 0.0
  public var adversarialClean = 0.0
  public var cycleClean = 0.0
  public var cycleDefect = 0.0
  public var identityDefect = 0.0
  public var identityClean = 0.0
  public var discriminatorDefect = 0.0
  public var discriminatorClean = 0.0

  public static let names = [
    "adversarial_defect", "adversarial_clean", "cycle_clean", "cycle_defect", "identity_defect", "identity_clean",
    "discriminator_defect", "discriminator_clean",
  ]

  /// In the order of `names`.
  public var values: [Double] {
    [
      adversarialDefect, adversarialClean, cycleClean, cycleDefect, identityDefect, identityClean, discriminatorDefect,
      discriminatorClean,
    ]
  }
}

/// A training run's whole state, and its one step (Zhu et al., ICCV 2017, section 4; docs of each loss in `CycleGANLoss`).
public final class CycleGANTrainer {
  public let configuration: CycleGANConfiguration
  public let model: CycleGAN
  /// Completed steps.
  public private(set) var step = 0

  private let device: Device
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private var defectPool: ImagePool
  private var cleanPool: ImagePool

  /// - Throws: `InputError` for settings out of range, `TorchError` when the device cannot be had.
  public init(_ configuration: CycleGANConfiguration) throws {
    try configuration.check()
    self.configuration = configuration
    device = try Device(configuration.device)
    let channels = configuration.transform.channels
    model = try CycleGAN(
      channels: channels, filters: configuration.filters, blocks: configuration.blocks,
      discriminatorFilters: configuration.discriminatorFilters, generator: Generator(seed: configuration.seed))
    try model.move(to: device)
    func adam(_ modules: KeyValuePairs<String, any Module>) throws -> Adam {
      Adam(
        try NamedParameters(modules), learningRate: configuration.learningRate, beta1: configuration.beta1,
        beta2: configuration.beta2)
    }
    // One optimizer for both generators, one for both discriminators.
    generatorOptimizer = try adam([
      "clean_to_defect": model.cleanToDefect, "defect_to_clean": model.defectToClean,
    ])
    discriminatorOptimizer = try adam([
      "defect_discriminator": model.defectDiscriminator, "clean_discriminator": model.cleanDiscriminator,
    ])
    func pool(_ purpose: String) -> ImagePool {
      ImagePool(
        capacity: configuration.poolSize, generator: SeededGenerator(seed: configuration.seed, purpose: purpose))
    }
    defectPool = pool("pool of defects")
    cleanPool = pool("pool of clean images")
  }

  /// One step: the generators first with the discriminators frozen, then the discriminators on the fakes made before it.
  ///
  /// - Throws: `TorchError` when a loss is no longer a finite number, before it reaches any weight.
  @discardableResult
  public func train(clean: Tensor, defect: Tensor, rateFactor: Double) throws -> CycleGANLosses {
    let precision = configuration.precision.dataType
    generatorOptimizer.learningRate = configuration.learningRate * rateFactor
    discriminatorOptimizer.learningRate = configuration.learningRate * rateFactor

    try model.discriminators.forEach { try $0.setRequiresGradient(false) }
    let made = try withAutocast(precision, on: device) {
      try configuration.loss.generators(model, clean: clean, defect: defect)
    }
    try checkFinite(made.total, "generators")
    try generatorOptimizer.zeroGradients()
    try made.total.backward()
    try generatorOptimizer.step()

    try model.discriminators.forEach { try $0.setRequiresGradient(true) }
    let (onDefect, onClean) = try withAutocast(precision, on: device) {
      (
        try configuration.loss.discriminator(
          model.defectDiscriminator, real: defect, fake: defectPool.exchange(made.fakeDefect)),
        try configuration.loss.discriminator(
          model.cleanDiscriminator, real: clean, fake: cleanPool.exchange(made.fakeClean))
      )
    }
    try discriminatorOptimizer.zeroGradients()
    try checkFinite(onDefect + onClean, "discriminators")
    try onDefect.backward()
    try onClean.backward()
    try discriminatorOptimizer.step()

    step += 1
    return CycleGANLosses(
      adversarialDefect: try made.adversarialDefect.item(), adversarialClean: try made.adversarialClean.item(),
      cycleClean: try made.cycleClean.item(), cycleDefect: try made.cycleDefect.item(),
      identityDefect: try made.identityDefect?.item() ?? 0, identityClean: try made.identityClean?.item() ?? 0,
      discriminatorDefect: try onDefect.item(), discriminatorClean: try onClean.item())
  }

  private func checkFinite(_ loss: Tensor, _ whose: String) throws {
    let value = try loss.item()
    guard value.isFinite else {
      throw TorchError(
        .operation,
        "the loss of the \(whose) became \(value) in step \(step + 1): the last checkpoint is good; lower the learning rate"
      )
    }
  }

  // MARK: State

  /// Weights, moments, pools and random states after the last completed step.
  public func checkpoint() throws -> Checkpoint {
    var result = Checkpoint(step: step, tensors: [:])
    result.add(try model.stateDictionary(), under: "model")
    result.add(try generatorOptimizer.stateTensors(), under: "generator_optimizer")
    result.add(try discriminatorOptimizer.stateTensors(), under: "discriminator_optimizer")
    for (name, pool) in [("defect_pool", defectPool), ("clean_pool", cleanPool)] {
      for (index, image) in pool.images.enumerated() { result.tensors["\(name).\(index)"] = image }
      try result.encode(pool.generator, name)
    }
    return result
  }

  /// Goes back to a checkpoint of a run with the same configuration.
  public func restore(_ checkpoint: Checkpoint) throws {
    try model.load(checkpoint.tensors(under: "model"))
    try generatorOptimizer.restore(checkpoint.tensors(under: "generator_optimizer"))
    try discriminatorOptimizer.restore(checkpoint.tensors(under: "discriminator_optimizer"))
    func pool(_ name: String) throws -> ImagePool {
      let stored = checkpoint.tensors(under: name)
      let images = try stored.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map { try $0.value.moved(to: device) }
      guard images.count <= configuration.poolSize else {
        throw InputError(
          at: "checkpoint of step \(checkpoint.step)", expected: "at most \(configuration.poolSize) images in \(name)",
          found: "\(images.count)")
      }
      return ImagePool(
        capacity: configuration.poolSize, generator: try checkpoint.decode(SeededGenerator.self, name), images: images)
    }
    defectPool = try pool("defect_pool")
    cleanPool = try pool("clean_pool")
    step = checkpoint.step
  }
}
