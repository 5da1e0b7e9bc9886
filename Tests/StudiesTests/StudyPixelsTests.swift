import Foundation
import Runs
@testable import Studies
import Testing

/// Studies of segmenters: whole-set figures out of the cells' pixels, worked out by hand.
struct StudyPixelsTests {
  private static func plan(_ more: String = "") throws -> StudyPlan {
    let settings = try StudyFile.parse(
      """
      name: pixels
      dataset: data
      clean: free
      defects: [pit, scratch]
      task: segmentation
      translator: {window: 48}
      seeds: 2
      quick: true
      arms: [real, synthetic, copy-paste]
      bootstrap: {replicates: 100}
      \(more)
      """, file: "s.yaml")
    return try StudyPlan(settings: settings, parts: [PartPlan(datasetHash: "d")])
  }

  /// One image with a defect of so many pixels, of which `found` are called, and `wrong` others too.
  private static func pixels(_ areas: [Int], found: [Int], wrong: Int = 0) -> ClassPixels {
    let (truth, both) = (areas.reduce(0, +), found.reduce(0, +))
    return ClassPixels(
      truth: truth, called: both + wrong, both: both, outline: truth / 2, outlineMatched: both / 2,
      calledOutline: (both + wrong) / 2, calledOutlineMatched: both / 2,
      defects: zip(areas, found).map { .init(area: $0, called: $1) })
  }

  private static let nothing = ClassPixels()

  private static func prediction(_ name: String, _ truth: Int, score: Double, _ own: ClassPixels) -> Prediction {
    var pixels = [own, nothing, nothing]
    if truth > 0 { pixels[truth] = own } else { pixels[1] = own }
    return Prediction(
      image: name, group: name, truth: truth, scores: [score, truth == 1 ? score : 0.1, truth == 2 ? score : 0.1],
      pixels: pixels)
  }

  /// The better an arm, the more of each defect is found.
  private static func predictions(_ split: String, quality: Int) -> [Prediction] {
    [
      prediction("\(split) a", 1, score: 0.9, pixels([10, 40], found: [quality, 20])),
      prediction("\(split) b", 1, score: 0.8, pixels([90], found: [60], wrong: 8)),
      prediction("\(split) c", 2, score: 0.7, pixels([30], found: [3 * quality])),
      prediction("\(split) d", 0, score: 0.2, pixels([], found: [], wrong: 12)),
      prediction("\(split) e", 0, score: 0.1, nothing),
    ]
  }

  private static func records(_ plan: StudyPlan, validation: [StudyArm: Int] = [:]) throws -> [CellRecord] {
    try plan.cells().map { cell in
      let quality = cell.arm == .real ? 2 : 6
      return CellRecord(
        id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, classes: ["free", "pit", "scratch"], steps: 400,
        validation: predictions("validation", quality: validation[cell.arm] ?? quality),
        test: predictions("test", quality: quality), loss: [LossPoint(step: 0, loss: 1)], seconds: 1,
        trainingImages: [TrainingCount(origin: .real, label: "pit", count: 3)], threads: 1, libtorch: "2")
    }
  }

  private func results() throws -> StudyResults {
    let plan = try Self.plan()
    let records = try Self.records(plan)
    for record in records { try record.check(at: record.arm) }
    return try StudyAnalysis(plan: plan, records: records).results()
  }

  @Test func figuresAreOfAllPixelsTogether() throws {
    let real = try #require(try results().arm(named: "real"))
    func value(_ figure: StudyFigure, _ scope: FigureScope) -> Double? { real.figure(figure, scope)?.value }
    let pit = FigureScope.defect("pit"), scratch = FigureScope.defect("scratch")
    // Pits: 140 true pixels; 22 and 60 are found; 8 and, on a clean image, 12 are not pits.
    #expect(value(.dice, pit) == 2 * 82.0 / (140 + 102))
    #expect(value(.intersectionOverUnion, pit) == 82.0 / (140 + 102 - 82))
    #expect(value(.dice, scratch) == 2 * 6.0 / (30 + 6))
    #expect(value(.dice, .mean) == (2 * 82.0 / 242 + 12.0 / 36) / 2)
    // Any defect has pixels of its own: a pit called a scratch is found all the same.
    #expect(value(.dice, .anyDefect) == 2 * 88.0 / (170 + 108))
    // Outlines: 25 + 45 true ones, of them 11 + 30 matched, of 11 + 34 + 6 called ones 11 + 30.
    let (precision, recall) = (41.0 / 51, 41.0 / 70)
    #expect(abs(value(.boundaryF1, pit)! - 2 * precision * recall / (precision + recall)) < 1e-12)
    // Of the pits of 10, 40 and 90 pixels, a quarter of the smallest is not found.
    #expect(value(.smallDefectRecall, pit) == 0 && value(.middleDefectRecall, pit) == 1)
    #expect(value(.largeDefectRecall, pit) == 1 && value(.defectRecall, pit) == 2.0 / 3)
    // One scratch is a small one; there are no larger ones, and no mean over classes either.
    #expect(value(.smallDefectRecall, scratch) == 0 && value(.largeDefectRecall, scratch) == nil)
    #expect(value(.largeDefectRecall, .mean) == nil)
    #expect(value(.averagePrecision, pit) == 1 && value(.areaUnderROC, .anyDefect) == 1)
    // Where a missed image costs ten, all of the cost is saved: every defective image scores above the others.
    #expect(value(.costSaved, .anyDefect) == 1)
    #expect(real.confusion.isEmpty)
  }

  /// An image that is drawn twice counts twice, one that is not drawn not at all.
  @Test func imagesCountAsOftenAsTheyAreDrawn() throws {
    let images = Self.predictions("test", quality: 2).compactMap { $0.pixels?[1] }
    let table = PixelTable(images, sizes: DefectSizes([10, 40, 90]))
    let sums = table.sums([0, 2, 5, 1, 3])
    // Twice 90 true pixels and 68 called ones with 60 in common, and the clean image's 12.
    #expect(sums[.dice] == 2 * 120.0 / (180 + 136 + 12))
    #expect(sums[.largeDefectRecall] == 1 && sums[.smallDefectRecall] == nil)
    #expect(table.sums(nil)[.dice] == 2 * 82.0 / 242 && table.sums([0, 0, 1, 1, 1])[.dice] == nil)
  }

  @Test func diceDecides() throws {
    let results = try results()
    #expect(results.primaryFigure == .dice && results.verdict.headline.contains("mean Dice over the 2 defect classes"))
    let gain = try #require(results.difference(of: "synthetic", against: "real", figure: .dice, scope: .mean)).value
    let expected = (2 * 86.0 / (140 + 106) + 2 * 18.0 / (30 + 18) - 2 * 82.0 / 242 - 12.0 / 36) / 2
    #expect(abs(gain - expected) < 1e-12)
    #expect(results.difference(of: "synthetic", against: "real", figure: .boundaryF1, scope: .mean) != nil)
    #expect(results.difference(of: "synthetic", against: "real", figure: .f1, scope: .mean) == nil)
  }

  /// Resampled images carry their pixels: without the image of the scratch there is no Dice of scratches.
  @Test func resamplesWithoutAClassAreLeftOut() throws {
    let figure = try #require(try results().arm(named: "real")?.figure(.dice, .defect("scratch")))
    // (1 − 1/5)⁵ of the resamples lack it: 33 of 100, give or take three standard deviations.
    #expect((18...48).contains(figure.undefinedReplicates))
    #expect(figure.value == 12.0 / 36 && figure.interval?.lower == 12.0 / 36)
  }

  /// The rival is the cheap arm with the best Dice on the validation set, whatever it does on the test set.
  @Test func theRivalIsChosenByDiceOnTheValidationSet() throws {
    let file = try StudyFile.parse(
      """
      name: p
      dataset: d
      clean: free
      defects: [pit, scratch]
      task: segmentation
      translator: {window: 48}
      segmenter: {defect-share: 0}
      seeds: 2
      quick: true
      arms: [real, synthetic, copy-paste, oversampling]
      bootstrap: {replicates: 100}
      """, file: "s.yaml")
    let whole = try StudyPlan(settings: file, parts: [PartPlan(datasetHash: "d")])
    for (better, other) in [(StudyArm.oversampling, StudyArm(.copyPaste)), (StudyArm(.copyPaste), .oversampling)] {
      let records = try Self.records(whole, validation: [better: 9, other: 1])
      let results = try StudyAnalysis(plan: whole, records: records).results()
      #expect(results.verdict.rival == better.rawValue)
    }
  }

  @Test func imagesThatShowOtherPixelsAreRefused() throws {
    let plan = try Self.plan()
    var records = try Self.records(plan)
    records[1].test[0].pixels?[1].truth += 1
    #expect(throws: (any Error).self) { try StudyAnalysis(plan: plan, records: records) }
  }

  /// By the mean over seeds of 1 − Dice of any defect; images of no change are no change.
  @Test func mistakesAreMendedAndCaused() throws {
    let plan = try Self.plan()
    var records = try Self.records(plan).filter { $0.arm != "copy-paste" }
    // One of two trainings with synthetic images calls a clean image defective.
    let place = try #require(records.lastIndex { $0.arm == "synthetic" })
    records[place].test[4].pixels?[0].called = 5
    records[place].test[3].pixels?[0].called = 0
    for index in records.indices where records[index].arm == "synthetic" { records[index].test[1].pixels?[0].both = 1 }
    let changes = try StudyMistakes(
      real: records.filter { $0.arm == "real" }, synthetic: records.filter { $0.arm == "synthetic" },
      settings: plan.settings)
    // The clean image d, called defective as before by one and no more by the other; e as above; of b hardly a pixel is found any more.
    #expect(changes.changes.map(\.image) == ["test d", "test c", "test a", "test e", "test b"])
    // The scratch: Dice 12 / 36 and 36 / 48.
    #expect(abs(changes.changes[1].gain - (36.0 / 48 - 12.0 / 36)) < 1e-12)
    #expect(changes.changes[0].gain == 0.5 && changes.changes[3].gain == -0.5)
    #expect(changes.mended(1).map(\.image) == ["test d"] && changes.mended(8).count == 3)
    #expect(changes.caused(8).map(\.image) == ["test b", "test e"])
  }

  /// A classifier is wrong where it calls a class that is not there, or misses one, at the thresholds of the validation set.
  @Test func classifiersAreWrongAtTheirThresholds() throws {
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 9], seeds: 2)
    let records = try study.records()
    let changes = try StudyMistakes(
      real: records.filter { $0.arm == "real" }, synthetic: records.filter { $0.arm == "synthetic" },
      settings: study.plan().settings)
    #expect(changes.mended(300).count > 10 && changes.caused(300).isEmpty)
    #expect(changes.changes.allSatisfy { [0.5, 1].contains($0.gain) })
  }
}
