import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing
import Torch
import Training

@testable import Synthesis

/// A classifier lets pass what looks to it like real defects.
struct OpinionGateTests {
  private let temporary: TemporaryFolder
  private let set: Dataset
  private let classifier: TrainedClassifier

  init() throws {
    try Runtime.setThreadCount(1)
    temporary = try TemporaryFolder()
    set = try MarkSet.write(to: temporary["set"])
    let sets = try LabelledSets([set])
    var configuration = ClassifierRunConfiguration(source: sets.source, size: 56, channels: 1, threads: 1)
    (configuration.classifier.width, configuration.classifier.steps, configuration.classifier.batchSize) = (4, 60, 16)
    try ClassifierRun.start(configuration, on: sets, in: temporary["run"]).train()
    classifier = try TrainedClassifier(run: temporary["run"])
  }

  private func gates(_ gates: Set<Gate> = [.opinion], classes: [String] = ["mark"]) throws -> DefectGates {
    try DefectGates(
      GateSettings(gates: gates), on: set, library: DefectLibrary(of: set),
      judges: [ClassOpinion(classifier, on: set, classes: classes)])
  }

  private func made(_ maker: some DefectMaker) throws -> Dataset {
    let synthesis = try PlacedSynthesis(maker, on: set, shapes: DefectLibrary(of: set), placer: DefectPlacer(), seed: 4)
    return try synthesis.synthesize(count: 12, to: temporary["made"], gates: gates()).kept
  }

  @Test func cleanImagesUnderADefectsLabelAreRefused() throws {
    #expect(throws: InputError.self) { try made(WrongMaker(fault: .nothing)) }
    let refused = try Dataset(at: temporary["made.refused"])
    #expect(refused.images.count == 12)
    for image in refused.images {
      let synthetic = try #require(image.provenance.synthetic)
      #expect(synthetic.refused?.hasPrefix("opinion: the classifier gives mark ") ?? false)
      #expect((synthetic.figures?["opinion"] ?? 1) < 0.5)
    }
  }

  /// The bar is the lowest decile of the real training images: one in ten of them would be refused.
  @Test func theBarIsThatOfRealImages() throws {
    let opinion = try ClassOpinion(classifier, on: set, classes: ["mark"])
    let real = set.images(inClass: "mark", split: .train)
    let scores = try opinion.scores(of: real.map { try set.pixels(of: $0) }, real.map { _ in "mark" })
    let fromFiles = try classifier.scores(of: real.map { set.url(of: $0) }).map { $0[1] }
    #expect(scores.count == 24 && zip(scores, fromFiles).allSatisfy { abs($0 - $1) < 1e-5 })
    let range = try #require(opinion.range(of: "mark"))
    let below = scores.count { $0 < range.least }
    #expect(below > 0 && below <= (real.count + 9) / 10)
    #expect(scores.count { opinion.reason(against: $0, in: "mark") != nil } == below)
    #expect(opinion.reason(against: 1, in: "mark") == nil)
    #expect(range.median >= range.least)
  }

  @Test func whoCannotJudgeIsNotAsked() throws {
    #expect(throws: InputError.self) { try ClassOpinion(classifier, on: set, classes: ["dent"]) }
    #expect(throws: InputError.self) {
      try DefectGates(GateSettings(gates: [.opinion]), on: set, library: DefectLibrary(of: set))
    }
  }
}
