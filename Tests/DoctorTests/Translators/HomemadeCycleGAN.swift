import Layers
import Models
import Optimizers
import Torch

@testable import Doctor

/// A CycleGAN as somebody might write it, small and simple, with a fault where one is asked for.
final class HomemadeCycleGAN: CheckedTranslator {
  private let fault: TranslatorFault?
  private let cleanToDefect: Sequential
  private let defectToClean: Sequential
  private let defectDiscriminator: Sequential
  private let cleanDiscriminator: Sequential
  private let generatorOptimizer: Adam
  private let discriminatorOptimizer: Adam
  private let average: WeightAverage
  private var system = SystemRandomNumberGenerator()

  static let decay = 0.999
  static let weights = CycleGANLoss()

  init(seed: UInt64, fault: TranslatorFault? = nil) throws {
    self.fault = fault
    let random = try Generator(seed: seed)
    func norm(_ channels: Int) throws -> any Layer {
      switch fault {
      case .runningStatistics: try RunningInstanceNorm(channels)
      case .mixedBatch: BatchMixingNorm()
      default: SlowInstanceNorm()
      }
    }
    func generator() throws -> Sequential {
      let isPadded = fault == .zeroPadding
      return Sequential([
        ReflectionPad2d(3), try Conv2d(1, 4, kernel: 7, generator: random), try norm(4), ReLU(),
        try Conv2d(4, 8, kernel: 3, stride: 2, padding: 1, generator: random), try norm(8), ReLU(),
        try ConvTranspose2d(8, 4, kernel: 3, stride: 2, padding: 1, outputPadding: 1, generator: random), try norm(4),
        ReLU(), ReflectionPad2d(isPadded ? 0 : 3),
        try Conv2d(4, 1, kernel: 7, padding: isPadded ? 3 : 0, generator: random), Tanh(),
      ])
    }
    func discriminator() throws -> Sequential {
      Sequential([
        try Conv2d(1, 4, kernel: 4, stride: 2, padding: 1, generator: random), LeakyReLU(0.2),
        try Conv2d(4, 8, kernel: 4, padding: 1, generator: random), try norm(8), LeakyReLU(0.2),
        try Conv2d(8, 1, kernel: 4, padding: 1, generator: random),
      ])
    }
    (cleanToDefect, defectToClean) = (try generator(), try generator())
    (defectDiscriminator, cleanDiscriminator) = (try discriminator(), try discriminator())
    for network in [cleanToDefect, defectToClean, defectDiscriminator, cleanDiscriminator] {
      try network.initialize(convolutions: .normal(standardDeviation: 0.02), biases: .zeros, generator: random)
    }
    let generators = try NamedParameters(["clean_to_defect": cleanToDefect, "defect_to_clean": defectToClean])
    generatorOptimizer = Adam(generators, learningRate: 2e-4, beta1: 0.5)
    discriminatorOptimizer = Adam(
      try NamedParameters(["defect_discriminator": defectDiscriminator, "clean_discriminator": cleanDiscriminator]),
      learningRate: 2e-4, beta1: 0.5)
    average = try WeightAverage(of: generators, decay: fault == .reversedAverage ? 1 - Self.decay : Self.decay)
  }

  var networks: [(name: String, network: any Module)] {
    [
      ("clean_to_defect", cleanToDefect), ("defect_to_clean", defectToClean),
      ("defect_discriminator", defectDiscriminator), ("clean_discriminator", cleanDiscriminator),
    ]
  }

  func translated(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor? {
    try (direction == .cleanToDefect ? cleanToDefect : defectToClean)(images)
  }

  func scores(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor? {
    try (direction == .cleanToDefect ? defectDiscriminator : cleanDiscriminator)(images)
  }

  func averages() throws -> [String: Tensor]? { average.stateTensors() }

  func pictures(_ batch: TranslatorBatch) throws -> [(caption: String, images: Tensor)] {
    let one = "made"
    let overwrites = fault == .overwrittenPictures
    return [
      ("clean", batch.clean), (overwrites ? one : "made defective", try cleanToDefect(batch.clean)),
      ("defect", batch.defect), (overwrites ? one : "made clean", try defectToClean(batch.defect)),
    ]
  }

  func train(_ batch: TranslatorBatch) throws -> [String: Double] {
    let (clean, defect) = (try seen(batch.clean), try seen(batch.defect))
    let losses = try trainGenerators(clean, defect)
    return losses.values.merging(try trainDiscriminators(clean, defect, losses.fakes)) { one, _ in one }
  }

  /// What the networks are shown of images: themselves, or with noise that nobody can draw again.
  private func seen(_ images: Tensor) throws -> Tensor {
    guard fault == .unseeded else { return images }
    let random = try Generator(seed: system.next())
    return try images + Tensor.normal(images.shape, standardDeviation: 1e-4, generator: random)
  }

  private func trainGenerators(
    _ clean: Tensor, _ defect: Tensor
  ) throws -> (values: [String: Double], fakes: (defect: Tensor, clean: Tensor)) {
    let discriminators = [defectDiscriminator, cleanDiscriminator]
    for network in discriminators { try network.setRequiresGradient(false) }
    defer { for network in discriminators { try? network.setRequiresGradient(true) } }
    let (fakeDefect, fakeClean) = (try cleanToDefect(clean), try defectToClean(defect))
    func adversarial(_ scores: Tensor) throws -> Tensor {
      fault == .swappedDistances ? try (scores - 1).abs().mean() : try leastSquaresLoss(scores, target: 1)
    }
    func cycle(_ made: Tensor, _ real: Tensor, _ weight: Double) throws -> Tensor {
      try (fault == .swappedDistances ? mseLoss(made, real) : l1Loss(made, real)) * weight
    }
    func identity(_ made: Tensor, _ real: Tensor, _ weight: Double) throws -> Tensor {
      let factor = Self.weights.identity * (fault == .absoluteIdentity ? 1 : weight)
      return try l1Loss(made, real) * factor
    }
    let terms = [
      "adversarial_defect": try adversarial(defectDiscriminator(fakeDefect)),
      "adversarial_clean": try adversarial(cleanDiscriminator(fakeClean)),
      "cycle_clean": try cycle(defectToClean(fakeDefect), clean, Self.weights.cleanCycle),
      "cycle_defect": try cycle(cleanToDefect(fakeClean), defect, Self.weights.defectCycle),
      "identity_defect": try identity(cleanToDefect(defect), defect, Self.weights.defectCycle),
      "identity_clean": try identity(defectToClean(clean), clean, Self.weights.cleanCycle),
    ]
    try generatorOptimizer.zeroGradients()
    try Tensor.stacked(terms.sorted { $0.key < $1.key }.map(\.value)).sum().backward()
    try generatorOptimizer.step()
    try average.update()
    return (try terms.mapValues { try $0.item() }, (try fakeDefect.detached(), try fakeClean.detached()))
  }

  private func trainDiscriminators(
    _ clean: Tensor, _ defect: Tensor, _ fakes: (defect: Tensor, clean: Tensor)
  ) throws -> [String: Double] {
    func loss(_ network: Sequential, _ real: Tensor, _ fake: Tensor) throws -> Tensor {
      try (leastSquaresLoss(network(real), target: 1) + leastSquaresLoss(network(fake), target: 0)) * 0.5
    }
    try discriminatorOptimizer.zeroGradients()
    let onDefect = try loss(defectDiscriminator, defect, fakes.defect)
    try onDefect.backward()
    if fault == .zeroedTwice { try discriminatorOptimizer.zeroGradients() }
    let onClean = try loss(cleanDiscriminator, clean, fakes.clean)
    try onClean.backward()
    try discriminatorOptimizer.step()
    return ["discriminator_defect": try onDefect.item(), "discriminator_clean": try onClean.item()]
  }
}
