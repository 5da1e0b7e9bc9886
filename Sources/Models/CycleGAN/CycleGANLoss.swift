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
    let fakeDefect = try model.cleanToDefect(clean)
    let fakeClean = try model.defectToClean(defect)
    let recoveredClean = try model.defectToClean(fakeDefect)
    let recoveredDefect = try model.cleanToDefect(fakeClean)

    let adversarialDefect = try leastSquaresLoss(model.defectDiscriminator(fakeDefect), target: 1)
    let adversarialClean = try leastSquaresLoss(model.cleanDiscriminator(fakeClean), target: 1)
    let cycleClean = try l1Loss(recoveredClean, clean) * cleanCycle
    let cycleDefect = try l1Loss(recoveredDefect, defect) * defectCycle
    var total = try adversarialDefect + adversarialClean + cycleClean + cycleDefect

    // The generator that makes defects is shown a defect, and should leave it as it is.
    var identities: (defect: Tensor, clean: Tensor)?
    if identity > 0 {
      let same = (
        defect: try l1Loss(model.cleanToDefect(defect), defect) * (defectCycle * identity),
        clean: try l1Loss(model.defectToClean(clean), clean) * (cleanCycle * identity)
      )
      total = try total + same.defect + same.clean
      identities = same
    }
    return Generators(
      fakeDefect: fakeDefect, fakeClean: fakeClean, recoveredClean: recoveredClean, recoveredDefect: recoveredDefect,
      adversarialDefect: adversarialDefect, adversarialClean: adversarialClean, cycleClean: cycleClean,
      cycleDefect: cycleDefect, identityDefect: identities?.defect, identityClean: identities?.clean, total: total)
  }

  /// A discriminator's loss: half of real to 1 and fake to 0. The fake is detached, so no generator learns from it.
  ///
  /// Shapes: real and fake [N, C, H, W] → scalar.
  public func discriminator(
    _ discriminator: PatchDiscriminator, real: Tensor, fake: Tensor
  ) throws(TorchError) -> Tensor {
    let onReal = try leastSquaresLoss(discriminator(real), target: 1)
    let onFake = try leastSquaresLoss(discriminator(fake.detached()), target: 0)
    return try (onReal + onFake) * 0.5
  }
}
