import Datasets
import Files
import Foundation
import Images
import Runs
import TestFolders
import Testing
import Torch

@testable import Training

/// Classifiers in their folders, and what they may not have seen.
struct ClassifierRunTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    try Runtime.setThreadCount(1)
    folder = try TemporaryFolder()
    dataset = try folder.spotsAndHoles()
  }

  private func configuration(_ sets: LabelledSets, steps: Int) -> ClassifierRunConfiguration {
    var result = ClassifierRunConfiguration(source: sets.source, size: 32, channels: sets.channels, threads: 1)
    (result.classifier.width, result.classifier.steps, result.classifier.batchSize) = (4, steps, 9)
    (result.checkpointInterval, result.sampling) = (3, .balanced)
    return result
  }

  @Test func aStoppedRunEndsWithTheSameBytesAndScores() throws {
    let sets = try LabelledSets([dataset])
    let configuration = configuration(sets, steps: 7)
    let whole = try ClassifierRun.start(configuration, on: sets, in: folder["whole"])
    #expect(try whole.train())
    do {
      let run = try ClassifierRun.start(configuration, on: sets, in: folder["stopped"])
      #expect(try !run.train(shouldStop: { run.trainer.step == 5 }))
    }
    #expect(try ClassifierRun.resume(folder["stopped"]).train())
    for file in [RunWeights.finalName, "losses.csv", "run.json", "images.json"] {
      #expect(
        try Data(contentsOf: folder["whole"].appendingPathComponent(file))
          == Data(contentsOf: folder["stopped"].appendingPathComponent(file)), "\(file)")
    }
    let classifier = try TrainedClassifier(run: folder["whole"])
    let files = dataset.images(split: .test).map { dataset.url(of: $0) }
    let samples = files.map { LabelledLoader.Sample(url: $0, label: 0) }
    #expect(try classifier.scores(of: files) == whole.trainer.scores(samples))
    #expect(classifier.classNames == ["clean", "spot", "hole"] && classifier.trainingImages == sets.record)
  }

  @Test func filesThatChangedAreRefused() throws {
    let sets = try LabelledSets([dataset])
    do {
      let run = try ClassifierRun.start(configuration(sets, steps: 4), on: sets, in: folder["run"])
      try run.train(shouldStop: { true })
    }
    let first = dataset.url(of: dataset.images(split: .train)[0])
    try Image(width: 40, height: 40, filledWith: 1).encoded(as: .png).write(to: first)
    #expect(throws: InputError.self) { try ClassifierRun.resume(folder["run"]) }
  }

  @Test func figuresAreThoseOfTheWholeSet() throws {
    let scores = [[0.9, 0.1, 0.0], [0.4, 0.6, 0.0], [0.2, 0.7, 0.1], [0.8, 0.15, 0.05]]
    let figures = try ClassifierFigures(
      scores: scores, truths: [0, 1, 0, 1], classNames: ["clean", "a", "b"], thresholds: ["a": 0.12])
    #expect(figures.images == 4 && figures.clean == 2 && figures.accuracy == 0.5)
    let a = figures.defects[0]
    // Ranked: 0.7 wrong, 0.6 right, 0.15 right, 0.1 wrong.
    #expect(a.averagePrecision == (0.5 + 2.0 / 3) / 2 && a.areaUnderROC == 0.5)
    #expect(a.f1 == 0.8 && a.threshold == 0.12 && a.bestThreshold == 0.15)
    let b = figures.defects[1]
    #expect(b.averagePrecision == nil && b.f1 == nil && b.threshold == 0.5 && b.bestThreshold == nil)
    #expect(figures.meanAveragePrecision == a.averagePrecision && figures.bestThresholds == ["a": 0.15])
    #expect(figures.hasChosenThresholds)
    let plain = try ClassifierFigures(scores: scores, truths: [0, 1, 0, 1], classNames: ["clean", "a", "b"])
    #expect(!plain.hasChosenThresholds && plain.defects[0].f1 == 0.5)
  }

  // MARK: What was learned from

  /// A second data set with one image more, of a training split.
  private func other(
    _ name: String, pixels: Image, group: String, synthetic: Provenance.Synthetic? = nil
  ) throws -> Dataset {
    let writer = try DatasetWriter(
      to: folder[name], description: "", cleanName: "clean", categories: ["hole", "scratch"])
    try writer.add(
      pixels, as: "extra.png", labels: [.init("scratch")], split: .train,
      provenance: Provenance(source: "x", group: group, synthetic: synthetic))
    return try writer.finish()
  }

  private func synthetic(of source: String, defect: String? = nil) -> Provenance.Synthetic {
    Provenance.Synthetic(
      model: "m", seed: 0, step: 0, source: source, sourceSplit: "train",
      defectSource: defect.map { .init(source: $0, instance: 0, angle: 0, scale: 1, mirrored: false) })
  }

  private let grey = Image(width: 40, height: 40, filledWith: 99)

  @Test func severalSetsAreOne() throws {
    let made = try other("made", pixels: grey, group: "new", synthetic: synthetic(of: "train-0.png"))
    let sets = try LabelledSets([dataset, made])
    #expect(sets.images.classNames == ["clean", "spot", "hole", "scratch"])
    #expect(sets.images.items.count == 10 && sets.record.defect.count == 7)
    #expect(sets.record.defect.last?.madeFrom == ["train-0.png"] && sets.record.clean[0].madeFrom == nil)
    #expect(sets.source.hash != (try LabelledSets([dataset])).source.hash)
    #expect(try LabelledSets(sets.source).source == sets.source)
    #expect(try LabelledSets([dataset, made], defects: ["scratch"]).images.counts == [3, 1])
    let error = #expect(throws: InputError.self) { try LabelledSets([dataset, made], defects: ["dent"]) }
    #expect(error?.description.contains("spot, hole, scratch") ?? false)
    // The second set has no holes, only a class of that name.
    #expect(throws: InputError.self) { try LabelledSets([made]) }
    // Nor clean images, which a classifier needs; around masks there is enough that is clean.
    let alone = try LabelledSets([made], defects: ["scratch"])
    #expect(alone.images.counts == [0, 1])
    let settings = ClassifierRunConfiguration(source: alone.source, size: 32, channels: 1, threads: 1)
    let refusal = #expect(throws: InputError.self) { try ClassifierTrainer(settings, on: alone.images) }
    #expect(refusal?.description.contains("training images of 'clean'") ?? false)
  }

  @Test(arguments: ["content", "group", "source", "defect"]) func leaksAreRefused(way: String) throws {
    let held = try #require(dataset.images(split: .test).first { !$0.isClean })
    let (pixels, group) =
      (way == "content" ? try dataset.pixels(of: held) : grey, way == "group" ? held.group : "new")
    let made = try other(
      "made", pixels: pixels, group: group,
      synthetic: way == "source"
        ? synthetic(of: held.fileName)
        : way == "defect" ? synthetic(of: "train-0.png", defect: held.fileName) : nil)
    let error = #expect(throws: InputError.self) { try LabelledSets([dataset, made]) }
    #expect(error?.description.contains("extra.png") ?? false && error?.description.contains(held.fileName) ?? false)
    // Trained on that set alone, and then shown the first one's test split.
    let entry = TrainingImages.Entry(
      file: "extra.png", sha256: try #require(ContentDigest(made.images[0].provenance.sha256)), group: group,
      madeFrom: way == "source" || way == "defect" ? ["a", held.fileName] : nil)
    let record = TrainingImages(clean: [], defect: [entry])
    #expect(throws: InputError.self) { try record.checkHeldOut(dataset, .test) }
    try record.checkHeldOut(dataset, .validation)
  }
}
