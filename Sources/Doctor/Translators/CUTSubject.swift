import Datasets
import Layers
import Models
import Torch
import Training

extension CUTTrainer: CheckedTranslator {
  public var networks: [(name: String, network: any Module)] {
    [
      (TranslatorNetwork.cleanToDefect.rawValue, model.cleanToDefect), ("patch_heads", model.patchHeads),
      (TranslatorNetwork.defectDiscriminator.rawValue, model.defectDiscriminator),
    ]
  }

  public func translated(
    _ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?
  ) throws -> Tensor? {
    direction == .cleanToDefect ? try model.makingDefects(on: images, where: mask) : nil
  }

  public func scores(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor? {
    direction == .cleanToDefect ? try model.defectDiscriminator(mask?.behind(images) ?? images) : nil
  }

  /// The losses that CycleGAN has too by its names, the others by their own.
  public func train(_ batch: TranslatorBatch) throws -> [String: Double] {
    let losses = try train(clean: batch.clean, defect: batch.defect, masks: batch.masks, rateFactor: 1).read()
    return [
      "adversarial_defect": losses.adversarial, "nce": losses.contrast, "nce_identity": losses.identityContrast,
      "discriminator_defect": losses.discriminator,
    ]
  }

  public func pictures(_ batch: TranslatorBatch) throws -> [(caption: String, images: Tensor)] {
    try pictures(clean: batch.clean, defect: batch.defect, masks: batch.masks)
  }
}

extension TranslatorSubject {
  /// A training of CUT or FastCUT, as a run's configuration has it, in float32.
  ///
  /// Its generator is judged by the discriminator after that one's step, so of the terms only the discriminator's follows
  /// from what networks say before the step; where batches are mirrored by chance, not even that.
  /// - Throws: `InputError` for files that cannot be read.
  static func cut(_ configuration: CUTConfiguration, on files: UnpairedFiles) throws -> TranslatorSubject {
    var settings = configuration
    settings.precision = .float32
    var subject = try TranslatorSubject(settings, on: files, CUTTrainer.self) { try CUTTrainer($0) }
    subject.terms = configuration.loss.mirroring ? [] : ["discriminator_defect"]
    return subject
  }
}
