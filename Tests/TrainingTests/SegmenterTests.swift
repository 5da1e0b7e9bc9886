import Datasets
import Files
import Foundation
import Images
import Runs
import TestFolders
import Testing
import Torch

@testable import Training

/// Segmenters learn, go on where they were stopped, and are counted as a hand would.
struct SegmenterTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    try Runtime.setThreadCount(1)
    folder = try TemporaryFolder()
    dataset = try folder.spotsAndHoles()
  }

  private func configuration(
    _ sets: LabelledSets, steps: Int, seed: UInt64 = 1, size: Int = 32
  ) -> SegmenterRunConfiguration {
    var result = SegmenterRunConfiguration(source: sets.source, size: size, channels: sets.channels, threads: 1)
    (result.segmenter.width, result.segmenter.depth, result.segmenter.steps) = (4, 2, steps)
    (result.segmenter.batchSize, result.segmenter.learningRate) = (6, 1e-2)
    (result.seed, result.checkpointInterval) = (seed, 3)
    return result
  }

  @Test func findsWhatIsPlain() throws {
    let sets = try LabelledSets([dataset])
    let run = try SegmenterRun.start(configuration(sets, steps: 60), on: sets, in: folder["run"])
    var losses: [Double] = []
    #expect(try run.train(onStep: { losses.append($1) }))
    #expect(losses.count == 60 && losses[0] > 1)
    let segmenter = try TrainedSegmenter(run: folder["run"])
    #expect(segmenter.classNames == ["clean", "spot", "hole"])
    let test = try LabelledImages([dataset], defects: ["spot", "hole"], split: .test)
    var seen: [Int] = []
    let figures = try segmenter.figures(of: test) { done, item, image, answer in
      seen.append(done)
      #expect(answer.labels.count == image.width * image.height && answer.planes.count == 3)
      #expect(abs(answer.planes.reduce(0) { $0 + $1[7] } - 1) < 1e-5)
    }
    #expect(seen == Array(1...9))
    #expect(figures.images == 9 && figures.clean == 3 && figures.unmapped == 0)
    #expect(figures.defects.map(\.name) == ["spot", "hole"] && figures.defects.map(\.images) == [3, 3])
    for defect in figures.defects {
      #expect(try #require(defect.dice) > 0.8, "\(defect)")
      #expect(try #require(defect.pixelAveragePrecision) > 0.9 && #require(defect.averagePrecision) > 0.9)
      #expect(defect.bySize.reduce(0) { $0 + $1.count } == 3 && defect.bySize.reduce(0) { $0 + $1.found } == 3)
    }
    #expect(try #require(figures.areaUnderROC) > 0.9)
  }

  @Test func aStoppedRunEndsWithTheSameBytes() throws {
    let sets = try LabelledSets([dataset])
    let configuration = configuration(sets, steps: 7)
    try SegmenterRun.start(configuration, on: sets, in: folder["whole"]).train()
    do {
      let run = try SegmenterRun.start(configuration, on: sets, in: folder["stopped"])
      #expect(try !run.train(shouldStop: { run.trainer.step == 4 }))
      #expect(throws: InputError.self) { try TrainedSegmenter(run: folder["stopped"]) }
    }
    #expect(try SegmenterRun.resume(folder["stopped"]).train())
    for file in [RunWeights.finalName, "losses.csv", "run.json", "images.json"] {
      #expect(
        try Data(contentsOf: folder["whole"].appendingPathComponent(file))
          == Data(contentsOf: folder["stopped"].appendingPathComponent(file)), "\(file)")
    }
    try SegmenterRun.start(self.configuration(sets, steps: 7, seed: 2), on: sets, in: folder["other"]).train()
    #expect(
      try Data(contentsOf: folder["whole"].appendingPathComponent("losses.csv"))
        != Data(contentsOf: folder["other"].appendingPathComponent("losses.csv")))
    #expect(throws: InputError.self) { try ClassifierRun.resume(folder["whole"]) }
    #expect(throws: InputError.self) { try TrainedClassifier(run: folder["whole"]) }
  }

  /// bfloat16 learns too, and gives other numbers.
  @Test func mixedPrecisionLearns() throws {
    let sets = try LabelledSets([dataset])
    var configuration = configuration(sets, steps: 40)
    var last: [Double] = []
    for precision in TrainingPrecision.allCases {
      configuration.segmenter.precision = precision
      let trainer = try SegmenterTrainer(configuration, on: sets.images)
      var losses: [Double] = []
      try trainer.train { losses.append($1) }
      #expect(losses.count == 40)
      let (first, final): (Double, Double) = (losses.prefix(10).reduce(0, +), losses.suffix(10).reduce(0, +))
      #expect(final < 0.8 * first, "\(losses)")
      last.append(losses[39])
    }
    #expect(last[0] != last[1])
  }

  /// The first loss is that of the pixels' shares, or near it: without the prior it would be beyond log 3 = 1.1.
  @Test func trainingBeginsWithThePixelsShares() throws {
    let sets = try LabelledSets([dataset])
    var configuration = configuration(sets, steps: 2)
    configuration.segmenter.loss.dice = 0
    let trainer = try SegmenterTrainer(configuration, on: sets.images)
    var first = 0.0
    try trainer.train { step, loss in if step == 1 { first = loss } }
    #expect(first < 0.75, "\(first)")
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    let sets = try LabelledSets([dataset])
    func refused(_ change: (inout SegmenterRunConfiguration) -> Void) {
      var broken = configuration(sets, steps: 2)
      change(&broken)
      #expect(throws: InputError.self) { try broken.check() }
    }
    refused { $0.size = 7 }
    refused { $0.channels = 2 }
    refused { $0.defectShare = 1.5 }
    refused { $0.segmenter.steps = 0 }
    refused { $0.segmenter.learningRate = .nan }
    refused { ($0.segmenter.loss.dice, $0.segmenter.loss.crossEntropy) = (0, 0) }
    refused { $0.segmenter.loss.classWeights = [1, 2] }
    refused { $0.threads = 0 }
  }

  /// Without masks an image counts for its score alone.
  @Test func imagesAreCountedAsFarAsTheyAreKnown() throws {
    func item(_ name: String) throws -> LabelledImages.Item {
      let images = try LabelledImages([dataset], defects: ["spot", "hole"], split: .test)
      return try #require(images.items.first { $0.image.fileName == name })
    }
    var tally = SegmenterTally(classNames: ["clean", "spot", "hole"])
    let spot = try item("test-1.png")
    let truth = spot.labelMap()
    let area = truth.count { $0 == 1 }
    // A fifth of the spot is called: too little to have found it.
    var called = truth
    var left = area / 5
    for index in called.indices where called[index] == 1 {
      left -= 1
      if left < 0 { called[index] = 0 }
    }
    func answer(_ labels: [UInt8], scores: [Double]) -> TrainedSegmenter.Answer {
      let planes = (0..<3).map { label in labels.map { $0 == label ? Float(1) : 0 } }
      return TrainedSegmenter.Answer(labels: labels, planes: planes, scores: scores)
    }
    try tally.add(spot, answer(called, scores: [0.9, 0.9, 0.1]))
    let clean = try item("test-0.png")
    try tally.add(
      clean, answer([UInt8](repeating: 0, count: clean.image.width * clean.image.height), scores: [0.2, 0.2, 0.1]))
    let unmapped = LabelledImages.Item(spot)
    try tally.add(unmapped, answer(truth, scores: [0.1, 0.1, 0.1]))
    let figures = try tally.figures()
    #expect(figures.images == 3 && figures.clean == 1 && figures.unmapped == 1)
    let share = Double(area / 5) / Double(area)
    #expect(abs(try #require(figures.defects[0].dice) - 2 * share / (1 + share)) < 1e-12)
    #expect(figures.defects[0].images == 2 && figures.defects[0].averagePrecision == (1 + 2.0 / 3) / 2)
    #expect(figures.defects[0].bySize.map(\.found) == [0] && figures.defects[0].bySize[0].largest == area)
    #expect(figures.defects[1].dice == nil && figures.defects[1].averagePrecision == nil)
    #expect(figures.areaUnderROC == 0.5)
  }

  @Test func picturesShowThreeSideBySide() {
    let image = Image(width: 2, height: 1, bytes: [100, 100])
    let picture = SegmenterPicture.image(of: image, truth: [1, 0], called: [0, 2])
    #expect(picture.width == 14 && picture.height == 1 && picture.channels == 3)
    func pixel(_ x: Int) -> [Int] { (0..<3).map { picture[x, 0, $0] } }
    #expect(pixel(0) == [100, 100, 100] && pixel(1) == [100, 100, 100] && pixel(2) == [255, 255, 255])
    #expect(pixel(6) == [160, 65, 65] && pixel(7) == [100, 100, 100])
    #expect(pixel(12) == [100, 100, 100] && pixel(13) == [50, 107, 139])
    let unknown = SegmenterPicture.image(of: image, truth: nil, called: [1, 0])
    #expect(unknown[6, 0, 0] == 100 && unknown[12, 0, 0] == 160)
  }
}

extension LabelledImages.Item {
  /// The same image, of which nobody knows where its defects are.
  fileprivate init(_ item: LabelledImages.Item) {
    self.init(url: item.url, image: item.image, label: item.label, regions: [], isMapped: false)
  }
}
