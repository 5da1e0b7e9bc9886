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
    /// The sum, to be minimised by both generators. A number only: its gradients are `backward`'s.
    public let total: Tensor
    /// The fakes as the networks behind them saw them, where their gradients add up.
    fileprivate let seenDefect: Tensor
    fileprivate let seenClean: Tensor

    /// Adds the gradients of `total` to the parameters of both generators.
    public func backward() throws(TorchError) {
      // Back to the fakes: through one generator here, through the other there, as in the pass itself.
      _ = try sideBySide(
        { () throws(TorchError) in try Tensor.backward([(adversarialDefect, nil), (cycleClean, nil)]) },
        { () throws(TorchError) in try Tensor.backward([(adversarialClean, nil), (cycleDefect, nil)]) })
      // And from the fakes, through the generators that made them.
      func backward(_ fake: Tensor, _ seen: Tensor, _ identity: Tensor?) throws(TorchError) {
        try Tensor.backward([(fake, try seen.gradient())] + (identity.map { [($0, nil)] } ?? []))
      }
      _ = try sideBySide(
        { () throws(TorchError) in try backward(fakeDefect, seenDefect, identityDefect) },
        { () throws(TorchError) in try backward(fakeClean, seenClean, identityClean) })
    }
  }

  /// The generators' loss on a batch of each domain. The discriminators should not require gradients meanwhile.
  ///
  /// With masks the networks see them behind their images, translations are blended into what they were made of, and
  /// distances are means over what the masks cover.
  ///
  /// - Parameter views: how the discriminators see the fake defects and the fake clean images.
  ///
  /// Shapes: clean and defect [N, C, H, W] in [−1, 1] → scalars.
  public func generators(
    _ model: CycleGAN, clean: Tensor, defect: Tensor, masks: DefectMasks? = nil,
    views: (defect: DiscriminatorView, clean: DiscriminatorView) = (.plain, .plain)
  ) throws(TorchError) -> Generators {
    let (onCleanMask, onDefectMask) = (masks?.clean, masks?.defect)
    // The generator that makes defects is shown a defect, and should leave it as it is.
    let (toDefect, toClean) = try sideBySide(
      { () throws(TorchError) in
        try translate((clean, onCleanMask), andKeep: (defect, onDefectMask), model.cleanToDefect)
      },
      { () throws(TorchError) in
        try translate((defect, onDefectMask), andKeep: (clean, onCleanMask), model.defectToClean)
      })
    let (onDefect, onClean) = try sideBySide(
      { () throws(TorchError) in
        try judge(toDefect.seen, onCleanMask, views.defect, model.defectDiscriminator, model.defectToClean)
      },
      { () throws(TorchError) in
        try judge(toClean.seen, onDefectMask, views.clean, model.cleanDiscriminator, model.cleanToDefect)
      })

    let cycleClean = try onCleanMask.l1Loss(onDefect.recovered, clean) * cleanCycle
    let cycleDefect = try onDefectMask.l1Loss(onClean.recovered, defect) * defectCycle
    let identityDefect = try toDefect.same.map { same throws(TorchError) in
      try onDefectMask.l1Loss(same, defect) * (defectCycle * identity)
    }
    let identityClean = try toClean.same.map { same throws(TorchError) in
      try onCleanMask.l1Loss(same, clean) * (cleanCycle * identity)
    }
    var total = try onDefect.adversarial + onClean.adversarial + cycleClean + cycleDefect
    if let identityDefect, let identityClean { total = try total + identityDefect + identityClean }
    return Generators(
      fakeDefect: toDefect.fake, fakeClean: toClean.fake, recoveredClean: onDefect.recovered,
      recoveredDefect: onClean.recovered, adversarialDefect: onDefect.adversarial,
      adversarialClean: onClean.adversarial, cycleClean: cycleClean, cycleDefect: cycleDefect,
      identityDefect: identityDefect, identityClean: identityClean, total: try total.detached(),
      seenDefect: toDefect.seen, seenClean: toClean.seen)
  }

  /// A generator's translation of one domain, and of the other for the identity loss, if there is one, in the same pass.
  private func translate(
    _ source: (image: Tensor, mask: DefectMask?), andKeep target: (image: Tensor, mask: DefectMask?),
    _ generator: ResNetGenerator
  ) throws(TorchError) -> (fake: Tensor, same: Tensor?, seen: Tensor) {
    let input = try source.mask.behind(source.image)
    let (made, kept) =
      identity > 0 ? try generator.together(input, target.mask.behind(target.image)) : (try generator(input), nil)
    let fake = try source.mask.blended(made, into: source.image)
    let same = try kept.map { kept throws(TorchError) in try target.mask.blended(kept, into: target.image) }
    let seen = try fake.detached()
    try seen.setRequiresGradient(fake.requiresGradient)
    return (fake, same, seen)
  }

  /// What a discriminator thinks of fakes, and what the other generator makes of them.
  private func judge(
    _ fake: Tensor, _ mask: DefectMask?, _ view: DiscriminatorView, _ discriminator: PatchDiscriminator,
    _ back: ResNetGenerator
  ) throws(TorchError) -> (adversarial: Tensor, recovered: Tensor) {
    let seen = try mask.behind(fake)
    return (try leastSquaresLoss(discriminator(view(seen)), target: 1), try mask.blended(back(seen), into: fake))
  }

  /// A discriminator's loss: half of real to 1 and fake to 0. The fake is detached, so no generator learns from it. Images
  /// stand with their masks behind them, where there are any.
  ///
  /// Shapes: real and fake [N, C (+ classes), H, W] → scalar.
  public func discriminator(
    _ discriminator: PatchDiscriminator, real: Tensor, fake: Tensor
  ) throws(TorchError) -> Tensor {
    let (onReal, onFake) = try discriminator.together(real, fake.detached())
    return try (leastSquaresLoss(onReal, target: 1) + leastSquaresLoss(onFake, target: 0)) * 0.5
  }
}
