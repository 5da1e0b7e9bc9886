import Datasets
import Files
import Foundation
import Layers
import Models
import Optimizers
import Randomness
import Torch

/// A training run's whole state, and its one step (Zhu et al., ICCV 2017, section 4; docs of each loss in `CycleGANLoss`).
public final class CycleGANTrainer {
  public let configuration: CycleGANConfiguration
  public let model: CycleGAN
  public let execution: Execution
  /// Completed steps.
  public private(set) var step = 0

  private let device: Device
  /// 1 from the first loss on that was no finite number; nil where losses are checked at once.
  private var failed: Tensor?
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private var defectPool: ImagePool
  private var cleanPool: ImagePool

  /// - Parameter execution: by default what suits the device.
  /// - Throws: `InputError` for settings out of range, `TorchError` when the device cannot be had.
  public init(_ configuration: CycleGANConfiguration, execution: Execution? = nil) throws {
    try configuration.check()
    self.configuration = configuration
    device = try Device(configuration.device)
    self.execution = execution ?? Execution(on: device)
    if device != .cpu {
      try Runtime.configureCUDA(
        timesAlgorithms: self.execution.timesAlgorithms, allowsTF32: self.execution.allowsTF32)
    }
    let channels = configuration.transform.channels
    model = try CycleGAN(
      channels: channels, filters: configuration.filters, blocks: configuration.blocks,
      discriminatorFilters: configuration.discriminatorFilters, generator: Generator(seed: configuration.seed))
    try model.move(to: device, channelsLast: self.execution.channelsLast)
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
  /// A loss that is no finite number never reaches a weight. With `defersChecks` nothing here waits for the device: it
  /// leaves all weights and moments as they are from that loss on, and `read()` of what is returned throws.
  /// - Throws: otherwise `TorchError`, at once, when a loss is no finite number.
  @discardableResult
  public func train(clean: Tensor, defect: Tensor, rateFactor: Double) throws -> CycleGANLosses.Pending {
    let precision = configuration.precision.dataType
    generatorOptimizer.learningRate = configuration.learningRate * rateFactor
    discriminatorOptimizer.learningRate = configuration.learningRate * rateFactor
    let clean = try clean.contiguous(channelsLast: execution.channelsLast)
    let defect = try defect.contiguous(channelsLast: execution.channelsLast)

    try model.discriminators.forEach { try $0.setRequiresGradient(false) }
    let made = try withAutocast(precision, on: device) {
      try configuration.loss.generators(model, clean: clean, defect: defect)
    }
    try check(made.total, of: .generators)
    try generatorOptimizer.zeroGradients()
    try made.backward()
    try generatorOptimizer.step(skippedIf: failed)

    try model.discriminators.forEach { try $0.setRequiresGradient(true) }
    let (fakeDefect, fakeClean) = try (defectPool.exchange(made.fakeDefect), cleanPool.exchange(made.fakeClean))
    let (onDefect, onClean) = try withAutocast(precision, on: device) {
      try sideBySide(
        { try configuration.loss.discriminator(model.defectDiscriminator, real: defect, fake: fakeDefect) },
        { try configuration.loss.discriminator(model.cleanDiscriminator, real: clean, fake: fakeClean) })
    }
    try discriminatorOptimizer.zeroGradients()
    let discriminators = try onDefect + onClean
    try check(discriminators, of: .discriminators)
    _ = try sideBySide({ try onDefect.backward() }, { try onClean.backward() })
    try discriminatorOptimizer.step(skippedIf: failed)

    step += 1
    let none = try Tensor.zeros([], device: device)
    return try CycleGANLosses.Pending(
      step: step,
      losses: [
        made.adversarialDefect, made.adversarialClean, made.cycleClean, made.cycleDefect, made.identityDefect ?? none,
        made.identityClean ?? none, onDefect, onClean,
      ], generators: made.total, discriminators: discriminators)
  }

  /// Keeps what comes of a loss that is no finite number from the weights.
  private func check(_ loss: Tensor, of networks: CycleGANLosses.Networks) throws {
    guard execution.defersChecks else {
      return try networks.requireFinite(loss.item(), step: step + 1)
    }
    let broken = try loss.detached().isFinite().not().converted(to: .float32)
    failed = try failed?.maximum(broken) ?? broken
  }

  // MARK: State

  /// Weights, moments, pools and random states after the last completed step.
  ///
  /// - Throws: `TorchError` when a loss was no finite number, even if nobody has read it.
  public func checkpoint() throws -> Checkpoint {
    guard try failed.map({ try $0.item() == 0 }) ?? true else {
      throw TorchError(
        .operation, "a loss became no finite number before step \(step + 1): the last checkpoint is good")
    }
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
      let images = try stored.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }.map {
        try $0.value.moved(to: device).contiguous(channelsLast: execution.channelsLast)
      }
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
    failed = nil
    step = checkpoint.step
  }
}
