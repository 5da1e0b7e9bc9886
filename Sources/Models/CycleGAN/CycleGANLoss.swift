import Layers
import Torch

/// The objective of CycleGAN (Zhu et al., ICCV 2017, equations 1 to 3 with least squares, and section 5.2's identity loss).
public struct CycleGANLoss: Codable, Equatable, Sendable {
  /// λ_A: weight of clean → defect → clean.
  public var cleanCycle = 10.0
  /// λ_B: weight of defect → clean → defect.
  public var defectCycle = 10.0
  /// Multiplies λ, so that the weight of the identity loss is 0.5 × 10 = 5. 0 leaves that loss and its passes out.
  public var identity = 0.5

  public init() {}

  /// What the generators' pass gives: the pictures, and each term with its weight.
  public struct Generators {
    public let fakeDefect: Tensor
    public let fakeClean: Tensor
    public let recoveredClean: Tensor
    public let recoveredDefect: Tensor
    public let adversarialDefect: Tensor
    public let adversarialClean: Tensor
    public let cycleClean: Tensor
    public let cycleDefect: Tensor
    /// nil when the identity weight is 0.
    public let identityDefect: Tensor?
    public let identityClean: Tensor?
    /// The sum, to be minimised by both generators.
    public let total: Tensor
  }

  /// The generators' loss on a batch of each domain. The discriminators should not require gradients meanwhile.
  ///
  /// Shapes: clean and defect [N, C, H, W] in [−1, 1] → scalars.
  public func generators(_ model: CycleGAN, clean: Tensor, defect: Tensor) throws(TorchError) -> Generators {
    // The generator that makes defects is shown a defect, and should leave it as it is.
    let (fakeDefect, sameDefect) = try translate(clean, andKeep: defect, model.cleanToDefect)
    let (fakeClean, sameClean) = try translate(defect, andKeep: clean, model.defectToClean)
    let recoveredClean = try model.defectToClean(fakeDefect)
    let recoveredDefect = try model.cleanToDefect(fakeClean)

    let adversarialDefect = try leastSquaresLoss(model.defectDiscriminator(fakeDefect), target: 1)
    let adversarialClean = try leastSquaresLoss(model.cleanDiscriminator(fakeClean), target: 1)
    let cycleClean = try l1Loss(recoveredClean, clean) * cleanCycle
    let cycleDefect = try l1Loss(recoveredDefect, defect) * defectCycle
    var total = try adversarialDefect + adversarialClean + cycleClean + cycleDefect

    let identityDefect = try sameDefect.map { same throws(TorchError) in
      try l1Loss(same, defect) * (defectCycle * identity)
    }
    let identityClean = try sameClean.map { same throws(TorchError) in
      try l1Loss(same, clean) * (cleanCycle * identity)
    }
    if let identityDefect, let identityClean { total = try total + identityDefect + identityClean }
    return Generators(
      fakeDefect: fakeDefect, fakeClean: fakeClean, recoveredClean: recoveredClean, recoveredDefect: recoveredDefect,
      adversarialDefect: adversarialDefect, adversarialClean: adversarialClean, cycleClean: cycleClean,
      cycleDefect: cycleDefect, identityDefect: identityDefect, identityClean: identityClean, total: total)
  }

  /// A generator's translation of one domain, and of the other for the identity loss, if there is one, in the same pass.
  private func translate(
    _ source: Tensor, andKeep target: Tensor, _ generator: ResNetGenerator
  ) throws(TorchError) -> (fake: Tensor, same: Tensor?) {
    identity > 0 ? try generator.together(source, target) : (try generator(source), nil)
  }

  /// A discriminator's loss: half of real to 1 and fake to 0. The fake is detached, so no generator learns from it.
  ///
  /// Shapes: real and fake [N, C, H, W] → scalar.
  public func discriminator(
    _ discriminator: PatchDiscriminator, real: Tensor, fake: Tensor
  ) throws(TorchError) -> Tensor {
    let (onReal, onFake) = try discriminator.together(real, fake.detached())
    return try (leastSquaresLoss(onReal, target: 1) + leastSquaresLoss(onFake, target: 0)) * 0.5
  }
}
