import Datasets
import Files
import Layers
import Models
import Optimizers
import Randomness
import Torch

/// A run of CycleGAN in its folder.
public typealias CycleGANRun = TranslatorRun<CycleGANTrainer>

/// A training run's whole state, and its one step (Zhu et al., ICCV 2017, section 4; docs of each loss in `CycleGANLoss`).
public final class CycleGANTrainer: TranslatorTrainer {
  public static let kind = "cyclegan"

  public let configuration: CycleGANConfiguration
  public let model: CycleGAN
  public let execution: TrainingExecution
  /// Completed steps.
  public private(set) var step = 0

  let device: Device
  private let lossGuard: LossGuard
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  /// Of both generators; nil without averaging.
  private let average: WeightAverage?
  private var defectPool: ImagePool
  private var cleanPool: ImagePool

  /// - Parameter execution: by default what suits the device.
  /// - Throws: `InputError` for settings out of range, `TorchError` when the device cannot be had.
  public init(_ configuration: CycleGANConfiguration, execution: TrainingExecution? = nil) throws {
    try configuration.check()
    self.configuration = configuration
    device = try Device(configuration.device)
    self.execution = execution ?? TrainingExecution(on: device)
    lossGuard = LossGuard(defers: self.execution.defersChecks)
    try self.execution.configure(device)
    model = try configuration.model()
    if let start = configuration.start { try model.load(start.tensors(), from: start.path) }
    try model.move(to: device, channelsLast: self.execution.channelsLast)
    // One optimizer for both generators, one for both discriminators.
    generatorOptimizer = try configuration.adam([
      "clean_to_defect": model.cleanToDefect, "defect_to_clean": model.defectToClean,
    ])
    discriminatorOptimizer = try configuration.adam([
      "defect_discriminator": model.defectDiscriminator, "clean_discriminator": model.cleanDiscriminator,
    ])
    let generators = try NamedParameters([
      "clean_to_defect": model.cleanToDefect, "defect_to_clean": model.defectToClean,
    ])
    average = try configuration.average.map { try WeightAverage(of: generators, decay: $0) }
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
  public func train(
    clean: Tensor, defect: Tensor, masks: DefectMasks? = nil, rateFactor: Double
  ) throws -> PendingLosses<CycleGANLosses> {
    let precision = configuration.precision.dataType
    generatorOptimizer.learningRate = configuration.learningRate * rateFactor
    discriminatorOptimizer.learningRate = configuration.learningRate * rateFactor
    let clean = try clean.contiguous(channelsLast: execution.channelsLast)
    let defect = try defect.contiguous(channelsLast: execution.channelsLast)

    // By the step alone, so that no checkpoint has to hold it.
    var random = SeededGenerator(seed: configuration.seed, purpose: "views", step)
    func view(_ images: Tensor) -> DiscriminatorView {
      configuration.augmentation.map {
        .augmented(by: $0, images: images, channels: configuration.transform.channels, &random)
      } ?? .plain
    }

    try model.discriminators.forEach { try $0.setRequiresGradient(false) }
    let made = try withAutocast(precision, on: device) {
      try configuration.loss.generators(
        model, clean: clean, defect: defect, masks: masks, views: (view(clean), view(defect)))
    }
    try lossGuard.check(made.total, of: .generators, step: step + 1)
    try generatorOptimizer.zeroGradients()
    try made.backward()
    try generatorOptimizer.step(skippedIf: lossGuard.failed)
    try average?.update()

    try model.discriminators.forEach { try $0.setRequiresGradient(true) }
    // Images stand in the pools with the masks by which they were made.
    let (fakeDefect, fakeClean) = try (
      defectPool.exchange(masks?.clean.behind(made.fakeDefect) ?? made.fakeDefect),
      cleanPool.exchange(masks?.defect.behind(made.fakeClean) ?? made.fakeClean)
    )
    let (realDefect, realClean) = try (masks?.defect.behind(defect) ?? defect, masks?.clean.behind(clean) ?? clean)
    let seen = try (
      realDefect: view(realDefect)(realDefect), fakeDefect: view(fakeDefect)(fakeDefect),
      realClean: view(realClean)(realClean), fakeClean: view(fakeClean)(fakeClean)
    )
    let (onDefect, onClean) = try withAutocast(precision, on: device) {
      try sideBySide(
        {
          try configuration.loss.discriminator(model.defectDiscriminator, real: seen.realDefect, fake: seen.fakeDefect)
        },
        { try configuration.loss.discriminator(model.cleanDiscriminator, real: seen.realClean, fake: seen.fakeClean) })
    }
    try discriminatorOptimizer.zeroGradients()
    let discriminators = try onDefect + onClean
    try lossGuard.check(discriminators, of: .discriminators, step: step + 1)
    _ = try sideBySide({ try onDefect.backward() }, { try onClean.backward() })
    try discriminatorOptimizer.step(skippedIf: lossGuard.failed)

    step += 1
    let none = try Tensor.zeros([], device: device)
    return try PendingLosses(
      step: step,
      losses: [
        made.adversarialDefect, made.adversarialClean, made.cycleClean, made.cycleDefect, made.identityDefect ?? none,
        made.identityClean ?? none, onDefect, onClean,
      ], sums: [.generators: made.total, .discriminators: discriminators])
  }

  // MARK: Batches

  public func train(_ batch: UnpairedBatch, rateFactor: Double) throws -> PendingLosses<CycleGANLosses> {
    try train(
      clean: batch.a.tensor(on: device), defect: batch.b.tensor(on: device), masks: batch.masks(on: device),
      rateFactor: rateFactor)
  }

  // MARK: State

  /// Weights, moments, pools and random states after the last completed step.
  ///
  /// - Throws: `TorchError` when a loss was no finite number, even if nobody has read it.
  public func checkpoint() throws -> Checkpoint {
    try lossGuard.requireNone(before: step + 1)
    var result = Checkpoint(step: step, tensors: [:])
    result.add(try model.stateDictionary(), under: "model")
    result.add(try generatorOptimizer.stateTensors(), under: "generator_optimizer")
    result.add(try discriminatorOptimizer.stateTensors(), under: "discriminator_optimizer")
    if let average { result.add(average.stateTensors(), under: "average") }
    for (name, pool) in [("defect_pool", defectPool), ("clean_pool", cleanPool)] {
      for (index, image) in pool.images.enumerated() { result.tensors["\(name).\(index)"] = image }
      try result.encode(pool.generator, name)
    }
    return result
  }

  public func weights() throws -> [String: Tensor] {
    try averaged { try model.stateDictionary().mapValues { try $0.cloned() } }
  }

  /// Runs `body` with the generators' averages in place, if there are any: what a run is measured on, draws and keeps.
  func averaged<Result>(_ body: () throws -> Result) throws -> Result { try average?.applied(body) ?? body() }

  /// Goes back to a checkpoint of a run with the same configuration.
  public func restore(_ checkpoint: Checkpoint) throws {
    try model.load(checkpoint.tensors(under: "model"))
    try generatorOptimizer.restore(checkpoint.tensors(under: "generator_optimizer"))
    try discriminatorOptimizer.restore(checkpoint.tensors(under: "discriminator_optimizer"))
    try average?.restore(checkpoint.tensors(under: "average"))
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
    lossGuard.reset()
    step = checkpoint.step
  }
}
