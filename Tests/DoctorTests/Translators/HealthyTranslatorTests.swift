import Datasets
import Foundation
import Images
import Models
import Runs
import TestFolders
import Testing
import Torch
import Training

@testable import Doctor

/// Translators without faults: no check objects to them, whatever the seed and the settings.
struct HealthyTranslatorTests {
  private static func configuration(_ imagesHash: String = "") -> CycleGANConfiguration {
    var configuration = CycleGANConfiguration(
      source: .folders(a: "A", b: "B"), imagesHash: imagesHash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 2)
    (configuration.filters, configuration.blocks, configuration.discriminatorFilters) = (4, 1, 4)
    configuration.discriminatorHalvings = 1
    return configuration
  }

  private static func images(_ folder: TemporaryFolder) throws -> UnpairedImages {
    try Surfaces.write(to: folder, side: 40)
    return try UnpairedImages(.folders(a: folder["A"].path, b: folder["B"].path))
  }

  private static func record(
    _ subject: TranslatorSubject, seed: UInt64 = 0, skipping skipped: Set<Check> = [.overfitCycle]
  ) -> DoctorRecord {
    Examination(.run, name: "healthy", steps: TranslatorChecks(subject, seed: seed).steps())
      .record(.init(skipped: skipped))
  }

  private static func objections(_ record: DoctorRecord) -> [String] {
    record.checks.filter { [.fail, .warn].contains($0.verdict) }.map { "\($0.name): \($0.finding)" }
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func noSeedIsObjectedTo(seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let images = try Self.images(folder)
    var configuration = Self.configuration(images.hash)
    configuration.average = 0.999
    // What takes as long as all others is made of a few.
    let record = Self.record(
      try .cycleGAN(configuration, on: images.files), seed: seed, skipping: seed < 2 ? [] : [.overfitCycle])
    #expect(Self.objections(record) == [])
    #expect(record.count(of: .pass) == (seed < 2 ? 13 : 12))
  }

  @Test func otherSettingsOfCycleGANPass() throws {
    let folder = try TemporaryFolder()
    let images = try Self.images(folder)
    var configuration = Self.configuration(images.hash)
    (configuration.augmentation, configuration.batchSize, configuration.poolSize) = (DiffAugment(), 2, 0)
    (configuration.upsampling, configuration.residual) = (.resize, true)
    (configuration.loss.cleanCycle, configuration.loss.identity) = (3, 0.2)
    configuration.transform = ImageTransform(size: 32, loadSize: 36, channels: 3, fit: .stretch)
    let augmented = Self.record(try .cycleGAN(configuration, on: images.files))
    #expect(Self.objections(augmented) == [])
    let terms = augmented.checks.first { $0.name == "loss-terms" }
    #expect(terms?.finding.contains("all 4 terms") == true && terms?.finding.contains("adversarial_clean") == true)

    (configuration.augmentation, configuration.loss.identity) = (nil, 0)
    let plain = Self.record(try .cycleGAN(configuration, on: images.files))
    #expect(Self.objections(plain) == [])
    #expect(plain.checks.first { $0.name == "loss-terms" }?.finding.contains("all 6 terms") == true)
  }

  @Test(arguments: [CUTRecipe.cut, .fastCUT]) func cutPasses(_ recipe: CUTRecipe) throws {
    let folder = try TemporaryFolder()
    let images = try Self.images(folder)
    var configuration = CUTConfiguration(
      source: .folders(a: "A", b: "B"), imagesHash: images.hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 2, recipe: recipe)
    (configuration.filters, configuration.blocks, configuration.discriminatorFilters) = (4, 5, 4)
    configuration.loss.patches = 16
    let record = Self.record(try .cut(configuration, on: images.files), skipping: [])
    #expect(Self.objections(record) == [])
    let left = recipe == .cut ? [] : ["loss-terms"]
    #expect(record.names(.notRun) == left + ["weight-average", "overfit-cycle"])
  }

  @Test func masksAreHeeded() throws {
    var configuration = Self.configuration()
    configuration.source = .classes(path: "", clean: "clean", defects: ["spot"])
    configuration.masks = MaskSettings(masksHash: "")
    configuration.setMaskDefaults()
    let planes = try Tensor((0..<32 * 32).map { Float($0 / 32 < 12 && $0 % 32 < 20 ? 1 : 0) }, shape: [1, 1, 32, 32])
    var subject = TranslatorSubject(
      make: { [configuration] seed in
        var seeded = configuration
        seeded.seed = seed
        return try CycleGANTrainer(seeded)
      },
      batch: { step in
        let batch = try Surfaces.batch(step, side: 32)
        let masks = DefectMasks(clean: try DefectMask(planes), defect: try DefectMask(planes.flipped([3])))
        return TranslatorBatch(clean: batch.clean, defect: batch.defect, masks: masks)
      })
    subject.loss = configuration.loss
    let record = Self.record(subject)
    #expect(Self.objections(record) == [])
    #expect(record.names(.notRun) == ["pairs", "crops", "weight-average", "overfit-cycle"])
    subject.loss.cleanCycle = 10
    let wrong = Self.record(subject).checks.first { $0.name == "loss-terms" }
    #expect(wrong?.verdict == .fail && wrong?.finding.contains("cycle_clean") == true)
    #expect(wrong?.finding.contains("cycle_defect") == false)
  }
}
