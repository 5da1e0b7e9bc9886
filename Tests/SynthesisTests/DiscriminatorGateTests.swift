import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing
import Torch
import Training

@testable import Synthesis

/// A translator's discriminator lets pass what it finds as real as real defects.
struct DiscriminatorGateTests {
  private let temporary: TemporaryFolder
  private let set: Dataset
  private let library: DefectLibrary
  private let run: URL

  init() throws {
    try Runtime.setThreadCount(1)
    temporary = try TemporaryFolder()
    set = try MarkSet.write(to: temporary["set"])
    library = try DefectLibrary(of: set)
    run = temporary["run"]
  }

  private func train(steps: Int) throws {
    let source = TrainingSource.classes(path: set.folder.path, clean: "clean", defects: ["mark"])
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 40, loadSize: nil, channels: 1), threads: 1)
    configuration.masks = MaskSettings(masksHash: library.hash)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (4, 8, 1)
    (configuration.length, configuration.batchSize, configuration.learningRate) = (.steps(steps), 4, 1e-3)
    try CycleGANRun.start(configuration, in: run).train()
  }

  private func opinion() throws -> DiscriminatorOpinion {
    try DiscriminatorOpinion(Translator(run: run), on: set, library: library)
  }

  /// Windows lie around defects, with their masks at the place, and the score is the mean over the patches.
  @Test func defectsAreSeenAsInTraining() throws {
    try train(steps: 2)
    let image = set.images(inClass: "mark")[3]
    let (pixels, mask) = (try set.pixels(of: image), Mask(width: MarkSet.size, height: MarkSet.size, box: MarkSet.box))
    let score = try opinion().scores(of: [
      .init(image: pixels.colour(), mask: mask, box: MarkSet.box, category: "mark")
    ])
    // 40 pixels around (28, 26).
    let part = PixelBox(x: 8, y: 6, width: 40, height: 40)
    let soft = try mask.cropped(to: part).feathered(by: 3)
    let expected = try Translator(run: run).realness(
      of: [pixels.cropped(to: part)], masks: PixelBatch(values: soft, shape: [1, 1, 40, 40]))
    #expect(score.count == 1 && abs(score[0] - expected[0]) < 1e-6)
    // Near a border the window stays within the image, and a defect larger than the window is seen whole.
    let wide = PixelBox(x: 0, y: 46, width: 56, height: 8)
    let whole = Mask(width: MarkSet.size, height: MarkSet.size, box: wide)
    let seen = try opinion().scores(of: [.init(image: pixels, mask: whole, box: wide, category: "mark")])
    let lower = PixelBox(x: 0, y: 16, width: 56, height: 40)
    let direct = try Translator(run: run).realness(
      of: [pixels.cropped(to: lower)],
      masks: PixelBatch(values: whole.cropped(to: lower).feathered(by: 3), shape: [1, 1, 40, 56]))
    #expect(abs(seen[0] - direct[0]) < 1e-6)
  }

  @Test func theBarIsThatOfRealDefects() throws {
    try train(steps: 2)
    let opinion = try opinion()
    let mask = Mask(width: MarkSet.size, height: MarkSet.size, box: MarkSet.box)
    let real = try set.images(inClass: "mark").map {
      DiscriminatorOpinion.Seen(image: try set.pixels(of: $0), mask: mask, box: MarkSet.box, category: "mark")
    }
    let scores = try opinion.scores(of: real)
    let range = try #require(opinion.range(of: "mark"))
    let below = scores.count { $0 < range.least }
    #expect(real.count == 24 && below > 0 && below <= 3)
    #expect(scores.count { opinion.reason(against: $0, in: "mark") != nil } == below)
    #expect(range.median > range.least && abs(range.median - scores.sorted()[11]) < 0.2)
  }

  /// Real marks pass. Clean surface under a mask sometimes does: a discriminator knows what its own generator made.
  @Test func whatItFindsLessRealThanRealDefectsIsRefused() throws {
    try train(steps: 120)
    func made(_ maker: some DefectMaker, keep: Double = 1) throws -> [String: Int] {
      let synthesis = try PlacedSynthesis(maker, on: set, shapes: library, placer: DefectPlacer(turn: 0), seed: 4)
      return try synthesis.synthesize(
        count: 24, to: temporary["made"],
        gates: DefectGates(
          GateSettings(gates: [.discriminator], keep: keep), on: set, library: library, judges: [opinion()]),
        replacing: true
      ).reasons
    }
    let least = try #require(try opinion().range(of: "mark")).least
    #expect(try made(WrongMaker(fault: .nothing))["discriminator", default: 0] >= 4)
    for (folder, isRefused) in [("made", false), ("made.refused", true)] {
      for image in try Dataset(at: temporary[folder]).images {
        let synthetic = try #require(image.provenance.synthetic)
        let score = try #require(synthetic.figures?["discriminator"])
        #expect((score < least) == isRefused)
        #expect(synthetic.refused?.hasPrefix("discriminator: the discriminator gives mark ") ?? !isRefused)
      }
    }
    let copies = ReplayingMaker(dataset: set, noise: 0)
    #expect(try made(copies)["discriminator", default: 0] <= 1)
    #expect(try made(copies, keep: 0.5)["keep", default: 0] >= 11)
  }

  @Test func whoCannotJudgeIsNotAsked() throws {
    try train(steps: 2)
    #expect(throws: InputError.self) {
      try DefectGates(GateSettings(gates: [.discriminator]), on: set, library: library)
    }
    let whole = try temporary.cycleGAN("whole", on: set)
    #expect(throws: InputError.self) {
      try DiscriminatorOpinion(Translator(run: whole), on: set, library: library)
    }
    let other = try temporary.steel(size: 64)
    #expect(throws: InputError.self) {
      try DiscriminatorOpinion(Translator(run: run), on: other, library: DefectLibrary(of: other))
    }
  }
}
