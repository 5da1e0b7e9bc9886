import Layers
import Torch

/// The objective of CUT and FastCUT (Park et al., ECCV 2020, section 3), with the published code's average of both
/// PatchNCE where the paper adds them up.
public struct CUTLoss: Codable, Equatable, Sendable {
  /// λ_GAN.
  public var adversarial = 1.0
  /// λ_X, and λ_Y where there is an identity loss: the weight of PatchNCE.
  public var contrast = 1.0
  /// Whether the generator is shown defects too, and compared with them patch by patch. The two PatchNCE are then averaged.
  public var identity = true
  /// Whether half of the batches, drawn by chance, go through the generator mirrored and are compared the right way round.
  public var mirroring = false
  /// Places that are compared in each layer of each image.
  public var patches = 256
  /// τ: similarities are divided by it.
  public var temperature = 0.07

  public init() {}

  /// The generator's pass over one batch, for both losses that look at it.
  public struct Pass {
    public let fakeDefect: Tensor
    /// What the generator makes of the defects, which it should leave as they are; nil without an identity loss.
    public let sameDefect: Tensor?
    /// Both together, as they came out of the generator.
    fileprivate let made: Tensor
    /// Where they could be changed, if masks say so.
    fileprivate let mask: DefectMask?
    /// The fake defects as the discriminator sees them: with their masks behind, if there are any.
    public let judged: Tensor
    /// Features of the pictures as given, of both domains together; they teach nothing.
    let keys: [Tensor]
    fileprivate let draw: CUTDraw
  }

  /// The terms of the translator's loss. `total` is `adversarial` plus `nce`, or plus the mean of `nce` and `nceIdentity`.
  public struct Translator {
    public let adversarial: Tensor
    /// λ · the mean over layers, of clean → defect.
    public let nce: Tensor
    /// The same of defect → defect; nil without an identity loss.
    public let nceIdentity: Tensor?
    /// To be minimised by the generator and the heads.
    public let total: Tensor
  }

  /// The generator's pass. One step is: this, `discriminator` and its update, `translator` and its update.
  ///
  /// With masks the networks see them behind their images, also where these are compared patch by patch, and what the
  /// generator makes is blended into what it was made of.
  ///
  /// Shapes: clean [N, C, H, W] in [−1, 1], and defect the same, with any N where there is no identity loss.
  /// - Throws: `TorchError` also where the identity loss is given pictures of two sizes.
  public func pass(
    _ model: CUT, clean: Tensor, defect: Tensor, masks: DefectMasks? = nil, _ draw: CUTDraw
  ) throws(TorchError) -> Pass {
    guard !identity || clean.shape.dropFirst() == defect.shape.dropFirst() else {
      throw TorchError(
        .operation, "the identity loss takes clean and defect of one size, not \(clean.shape) and \(defect.shape)")
    }
    let generator = model.cleanToDefect
    let images = identity ? try Tensor.concatenated([clean, defect]) : clean
    let mask = try masks.map { masks throws(TorchError) in
      identity ? try DefectMask(.concatenated([masks.clean.planes, masks.defect.planes])) : masks.clean
    }
    let given = try mask.behind(images)
    let madeMask = draw.mirrored ? try mask?.mirrored() : mask
    let made: Tensor
    let keys: [Tensor]
    if draw.mirrored {
      // First with gradients, then without: in mixed precision the casts of weights that are kept have a graph that way.
      made = try madeMask.blended(generator(given.flipped([3])), into: images.flipped([3]))
      keys = try withoutGradients { () throws(TorchError) in try generator.features(of: given, at: model.layers) }
    } else {
      // The generator is still the same when features are compared, so its own pass has the keys.
      let (picture, features) = try generator(given, tapping: model.layers)
      made = try mask.blended(picture, into: images)
      keys = try features.map { feature throws(TorchError) in try feature.detached() }
    }
    let count = clean.shape[0]
    let fake = try made.sliced(0, 0..<count)
    let fakeMask = draw.mirrored ? try masks?.clean.mirrored() : masks?.clean
    return Pass(
      fakeDefect: fake, sameDefect: identity ? try made.sliced(0, count..<made.shape[0]) : nil, made: made,
      mask: madeMask, judged: try fakeMask.behind(fake), keys: keys, draw: draw)
  }

  /// The discriminator's loss: half of real to 1 and fake to 0, as CycleGAN's. The fake is detached.
  ///
  /// Shapes: real and fake [N, C (+ classes), H, W] → scalar.
  public func discriminator(
    _ discriminator: PatchDiscriminator, real: Tensor, fake: Tensor
  ) throws(TorchError) -> Tensor {
    try CycleGANLoss().discriminator(discriminator, real: real, fake: fake)
  }

  /// The loss of the generator and the heads. The discriminator should not require gradients meanwhile; the generator must
  /// be as it was in the pass.
  public func translator(_ model: CUT, _ pass: Pass) throws(TorchError) -> Translator {
    let adversarial = try leastSquaresLoss(model.defectDiscriminator(pass.judged), target: 1) * self.adversarial
    let queries = try self.queries(model, pass)
    let count = pass.fakeDefect.shape[0]
    func patchNCE(_ images: Range<Int>, _ patches: [Tensor]) throws(TorchError) -> Tensor {
      let layers = try layerLosses(model, queries, pass.keys, images: images, at: patches)
      return try Tensor.stacked(layers).mean() * contrast
    }
    let nce = try patchNCE(0..<count, pass.draw.patches)
    let nceIdentity = pass.sameDefect == nil ? nil : try patchNCE(count..<pass.made.shape[0], pass.draw.identityPatches)
    let both = if let nceIdentity { try (nce + nceIdentity) * 0.5 } else { nce }
    return Translator(adversarial: adversarial, nce: nce, nceIdentity: nceIdentity, total: try adversarial + both)
  }

  /// Features of what the generator made, of both domains together, the right way round.
  func queries(_ model: CUT, _ pass: Pass) throws(TorchError) -> [Tensor] {
    let features = try model.cleanToDefect.features(of: pass.mask.behind(pass.made), at: model.layers)
    guard pass.draw.mirrored else { return features }
    return try features.map { feature throws(TorchError) in try feature.flipped([3]) }
  }

  /// PatchNCE of each layer, without weight, over some images of the batch.
  func layerLosses(
    _ model: CUT, _ queries: [Tensor], _ keys: [Tensor], images: Range<Int>, at patches: [Tensor]
  ) throws(TorchError) -> [Tensor] {
    func vectors(_ features: [Tensor]) throws(TorchError) -> [Tensor] {
      try model.patchHeads(
        features.map { feature throws(TorchError) in try feature.sliced(0, images) }, at: patches)
    }
    // Keys are what queries should come near to, and do not move themselves: neither their features nor their heads learn.
    let fixed = try withoutGradients { () throws(TorchError) in try vectors(keys) }
    return try zip(vectors(queries), fixed).map { query, key throws(TorchError) in
      try patchNCELoss(query, key, temperature: temperature)
    }
  }
}
