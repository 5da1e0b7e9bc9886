import Datasets
import Foundation
import Layers
import Models
import Torch
import Training

extension CycleGANTrainer: CheckedTranslator {
  public var networks: [(name: String, network: any Module)] {
    [
      (TranslatorNetwork.cleanToDefect.rawValue, model.cleanToDefect),
      (TranslatorNetwork.defectToClean.rawValue, model.defectToClean),
      (TranslatorNetwork.defectDiscriminator.rawValue, model.defectDiscriminator),
      (TranslatorNetwork.cleanDiscriminator.rawValue, model.cleanDiscriminator),
    ]
  }

  public func translated(
    _ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?
  ) throws -> Tensor? {
    direction == .cleanToDefect
      ? try model.makingDefects(on: images, where: mask) : try model.removingDefects(from: images, where: mask)
  }

  public func scores(_ images: Tensor, _ direction: TranslationDirection, mask: DefectMask?) throws -> Tensor? {
    let discriminator = direction == .cleanToDefect ? model.defectDiscriminator : model.cleanDiscriminator
    return try discriminator(mask?.behind(images) ?? images)
  }

  public func train(_ batch: TranslatorBatch) throws -> [String: Double] {
    let losses = try train(clean: batch.clean, defect: batch.defect, masks: batch.masks, rateFactor: 1).read()
    return Dictionary(uniqueKeysWithValues: zip(CycleGANLosses.names, losses.values))
  }

  public func pictures(_ batch: TranslatorBatch) throws -> [(caption: String, images: Tensor)] {
    try pictures(clean: batch.clean, defect: batch.defect, masks: batch.masks)
  }

  public func averages() throws -> [String: Tensor]? { configuration.average == nil ? nil : try weights() }
}

extension TranslatorSubject {
  /// A training of CycleGAN, as a run's configuration has it, from new weights and in float32.
  ///
  /// - Throws: `InputError` for files that cannot be read.
  static func cycleGAN(_ configuration: CycleGANConfiguration, on files: UnpairedFiles) throws -> TranslatorSubject {
    var settings = configuration
    settings.start = nil
    settings.precision = .float32
    var subject = try TranslatorSubject(settings, on: files, CycleGANTrainer.self) { settings in
      try CycleGANTrainer(settings)
    }
    subject.loss = configuration.loss
    subject.averageDecay = configuration.average
    // Discriminators that see augmented images say other things of them.
    if configuration.augmentation != nil {
      subject.terms = subject.terms.filter { $0.hasPrefix("cycle") || $0.hasPrefix("identity") }
    }
    return subject
  }

  /// What trainers of unpaired images have in common.
  init<Trainer: TranslatorTrainer & CheckedTranslator>(
    _ settings: Trainer.Configuration, on files: UnpairedFiles, _: Trainer.Type,
    make: @escaping (Trainer.Configuration) throws -> Trainer
  ) throws where Trainer.Batch == UnpairedBatch {
    let device = try Device(settings.device)
    func batches(_ settings: Trainer.Configuration, _ files: UnpairedFiles) throws -> Batches {
      let loader = try Trainer.loader(settings, files, learned: files)
      return { step in try TranslatorBatch(loader.batch(step: step), on: device) }
    }
    func seeded(_ seed: UInt64) -> Trainer.Configuration {
      var settings = settings
      settings.seed = seed
      return settings
    }
    self.init(make: { seed in try make(seeded(seed)) }, batch: try batches(settings, files))
    if settings.masks == nil {
      loader = { clean, defect, seed in
        try batches(seeded(seed), UnpairedFiles(clean: FileList(clean), defect: FileList(defect)))
      }
    }
    repeatsExactly = device == .cpu
  }
}

extension TranslatorBatch {
  init(_ batch: UnpairedBatch, on device: Device) throws {
    self.init(
      clean: try batch.a.tensor(on: device), defect: try batch.b.tensor(on: device),
      masks: try batch.masks(on: device))
  }
}
