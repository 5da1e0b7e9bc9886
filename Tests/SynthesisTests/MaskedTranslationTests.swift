import Datasets
import Files
import Foundation
import Images
import Models
import TestFolders
import Testing
import Torch
import Training

@testable import Synthesis

/// From a data set with masks to one of synthetic defects: what the mask does not cover is the clean image's own.
struct MaskedTranslationTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.steel(size: 64)
  }

  private func configuration(_ dataset: Dataset, seed: UInt64 = 0) throws -> CycleGANConfiguration {
    let source = TrainingSource.classes(
      path: dataset.folder.path, clean: dataset.cleanName, defects: dataset.categories.map(\.name))
    var result = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 1)
    result.masks = MaskSettings(masksHash: try DefectLibrary(of: source).hash)
    (result.filters, result.discriminatorFilters, result.blocks, result.batchSize) = (4, 4, 1, 2)
    result.length = .steps(4)
    result.seed = seed
    (result.checkpointInterval, result.sampleInterval) = (2, 4)
    return result
  }

  private func cutConfiguration() throws -> CUTConfiguration {
    let like = try configuration(dataset)
    var result = CUTConfiguration(
      source: like.source, imagesHash: like.imagesHash, transform: like.transform, threads: 1)
    result.masks = like.masks
    (result.filters, result.discriminatorFilters, result.blocks, result.batchSize) = (4, 4, 5, 2)
    result.loss.patches = 32
    result.length = .steps(4)
    (result.checkpointInterval, result.sampleInterval) = (2, 4)
    return result
  }

  private func synthesis(_ run: URL, seed: UInt64 = 1, threads: Int = 2) throws -> PlacedSynthesis<MaskedTranslation> {
    let translator = try Translator(run: run)
    return try PlacedSynthesis(
      MaskedTranslation(translator), on: dataset, shapes: DefectLibrary(of: dataset), placer: DefectPlacer(),
      seed: seed,
      threads: threads)
  }

  @Test(arguments: [CycleGANTrainer.kind, CUTTrainer.kind]) func onlyWhatTheMaskCoversChanges(kind: String) throws {
    if kind == CUTTrainer.kind {
      try CUTRun.start(cutConfiguration(), in: folder["run"]).train()
    } else {
      try CycleGANRun.start(configuration(dataset), in: folder["run"]).train()
    }
    let made = try synthesis(folder["run"]).synthesize(count: 20, to: folder["made"])
    #expect(made.images.count == 20)
    let classes = Set(made.images.map(made.className(of:)))
    #expect(classes == Set(dataset.categories.map(\.name)))
    for image in made.images {
      let synthetic = try #require(image.provenance.synthetic)
      let source = try #require(dataset.images.first { $0.fileName == synthetic.source })
      #expect(source.isClean && source.split == .train && image.group == source.group && image.split == .train)
      #expect(synthetic.defectSource != nil && synthetic.step == 4)
      let (before, after) = (try dataset.pixels(of: source).bytes, try made.pixels(of: image).bytes)
      let mask = try #require(made.mask(of: image))
      // Feathered over 3 pixels: from 4 on the weight is 0.
      let near = try mask.dilated(by: 3.99)
      let changed = after.indices.filter { after[$0] != before[$0] }
      #expect(changed.allSatisfy { near.bits[$0] == 1 }, "\(image.fileName) changed outside of its mask")
      #expect(changed.count { mask.bits[$0] == 1 } > mask.area / 2, "\(image.fileName) hardly changed")
    }
  }

  /// Each defect is asked for in the plane of its own class, and its window is put back where it was taken.
  @Test func everyDefectIsOfItsOwnClass() throws {
    try CycleGANRun.start(configuration(dataset), in: folder["run"]).train()
    let translator = try Translator(run: folder["run"])
    let synthesis = try synthesis(folder["run"])
    let placed = try (0..<6).map(synthesis.places.defect)
    let made = try synthesis.maker.images(of: placed)
    let names = dataset.categories.map(\.name)
    for (placed, image) in zip(placed, made) {
      let soft = try placed.placement.mask.cropped(to: placed.window).feathered(by: 3)
      let planes = names.flatMap { name in
        name == placed.placement.category ? soft : [Float](repeating: 0, count: soft.count)
      }
      let expected = try translator.translate(
        [placed.clean.cropped(to: placed.window)],
        masks: PixelBatch(values: planes, shape: [1, names.count, placed.window.height, placed.window.width]))
      // In a batch of one sums may round otherwise.
      let pairs = zip(image.cropped(to: placed.window).bytes, expected[0].bytes)
      #expect(pairs.allSatisfy { abs(Int($0) - Int($1)) <= 1 }, "\(placed.placement.category)")
    }
  }

  @Test func seedsGiveBytesAndThreadsDoNot() throws {
    try CycleGANRun.start(configuration(dataset), in: folder["run"]).train()
    func bytes(_ name: String, seed: UInt64, threads: Int) throws -> [Data] {
      let made = try synthesis(folder["run"], seed: seed, threads: threads).synthesize(count: 6, to: folder[name])
      return try made.images.map { try Data(contentsOf: made.url(of: $0)) }
    }
    let one = try bytes("one", seed: 1, threads: 1)
    #expect(try bytes("two", seed: 1, threads: 2) == one)
    #expect(try bytes("three", seed: 2, threads: 1) != one)
  }

  /// With all that helps where there are few defects: their state is in the checkpoint too.
  @Test func aStoppedRunEndsWithTheSameWeights() throws {
    var configuration = try configuration(dataset)
    (configuration.augmentation, configuration.average) = (DiffAugment(), 0.9)
    let whole = try CycleGANRun.start(configuration, in: folder["whole"])
    try whole.train()
    do {
      let stopped = try CycleGANRun.start(configuration, in: folder["stopped"])
      try stopped.train(shouldStop: { true })
      #expect(stopped.trainer.step == 1)
    }
    let resumed = try CycleGANRun.resume(folder["stopped"])
    #expect(try resumed.train())
    let name = RunWeights.finalName
    let weights = try Data(contentsOf: folder["whole"].appendingPathComponent(name))
    #expect(try Data(contentsOf: folder["stopped"].appendingPathComponent(name)) == weights)
    // What is kept is the average and not the last weights; and augmentation changes what is learned.
    let last = try whole.trainer.model.stateDictionary()
    let kept = try Safetensors(contentsOf: folder["whole"].appendingPathComponent(name)).tensors()
    let moved = try kept.filter { try $0.value.elements(as: Float.self) != last[$0.key]?.elements(as: Float.self) }
    #expect(moved.keys.contains { $0.hasPrefix("cleanToDefect") || $0.hasPrefix("clean_to_defect") })
    #expect(!moved.keys.contains { $0.contains("iscriminator") })
    configuration.augmentation = nil
    try CycleGANRun.start(configuration, in: folder["plain"]).train()
    #expect(try Data(contentsOf: folder["plain"].appendingPathComponent(name)) != weights)
  }

  @Test func aStoppedRunOfCUTEndsWithTheSameWeights() throws {
    try CUTRun.start(cutConfiguration(), in: folder["whole"]).train()
    do {
      try CUTRun.start(cutConfiguration(), in: folder["stopped"]).train(shouldStop: { true })
    }
    #expect(try CUTRun.resume(folder["stopped"]).train())
    let weights = try ["whole", "stopped"].map {
      try Data(contentsOf: folder[$0].appendingPathComponent(RunWeights.finalName))
    }
    #expect(weights[0] == weights[1])
    var other = try cutConfiguration()
    other.masks?.masksHash = "other"
    #expect(throws: InputError.self) { try CUTRun.start(other, in: folder["other"]) }
  }

  @Test func aRunMayBeginWithTheWeightsOfAnother() throws {
    try CycleGANRun.start(configuration(dataset), in: folder["first"]).train()
    var configuration = try configuration(dataset, seed: 7)
    configuration.start = try StartingWeights(of: folder["first"])
    let trainer = try CycleGANTrainer(configuration)
    let weights = try Safetensors(contentsOf: folder["first"].appendingPathComponent(RunWeights.finalName)).tensors()
    for (name, tensor) in try trainer.weights() {
      #expect(try tensor.elements(as: Float.self) == weights[name]?.elements(as: Float.self), "\(name)")
    }
    configuration.residual = true
    #expect(throws: InputError.self) { try configuration.check() }
    configuration.residual = nil
    configuration.start?.hash = "other"
    #expect(throws: InputError.self) { try CycleGANTrainer(configuration) }
    #expect(throws: InputError.self) { try StartingWeights(of: folder.url) }
  }

  @Test func otherMasksAreRefused() throws {
    var changed = try configuration(dataset)
    changed.masks?.masksHash = "other"
    let error = #expect(throws: InputError.self) { try CycleGANRun.start(changed, in: folder["run"]) }
    #expect(error?.description.contains("masks") ?? false)
    #expect(!FileManager.default.fileExists(atPath: folder["run"].path))
  }

  @Test func masksNeedASourceOfClasses() throws {
    var unconditioned = try configuration(dataset)
    unconditioned.masks = nil
    #expect(throws: InputError.self) { try unconditioned.check() }
    var scaled = try configuration(dataset)
    scaled.transform.loadSize = 36
    #expect(throws: InputError.self) { try scaled.check() }
  }
}
