import Datasets
import Files
import Foundation
import Images
import Runs
import Torch
import Training

/// What can go wrong in a classifier's or segmenter's run: the skeleton of its training, its losses, and what it learned.
public struct SupervisedRunChecks {
  private let folder: RunFolder
  private let subject: LearnerSubject
  /// The run's settings against the usual ones.
  private let settings: SettingsCheck
  private let seed: UInt64
  /// The weights that the run left; nil where it is not finished.
  private let trained: (any TrainedLearner)?
  private let train: LabelledImages
  /// Of the validation split; nil where there is none.
  private let held: LabelledImages?

  /// - Throws: `InputError` when the run's data sets are not there any more, or changed.
  public init(classifier folder: RunFolder, seed: UInt64) throws {
    let configuration = try folder.readRecord(of: ClassifierRunConfiguration.self).configuration
    try configuration.check()
    (train, held) = try Self.images(configuration.source)
    subject = try .classifier(configuration, on: train, heldOut: held)
    trained = Self.isFinished(folder) ? try TrainedClassifier(run: folder.url) : nil
    let usual = ClassifierRunConfiguration(
      source: configuration.source, size: configuration.transform.size, channels: configuration.transform.channels,
      threads: configuration.threads)
    settings = SettingsCheck(configuration, against: usual, "usual", "usual")
    (self.folder, self.seed) = (folder, seed)
  }

  public init(segmenter folder: RunFolder, seed: UInt64) throws {
    let configuration = try folder.readRecord(of: SegmenterRunConfiguration.self).configuration
    try configuration.check()
    (train, held) = try Self.images(configuration.source)
    subject = try .segmenter(configuration, on: train, heldOut: held)
    trained = Self.isFinished(folder) ? try TrainedSegmenter(run: folder.url) : nil
    let usual = SegmenterRunConfiguration(
      source: configuration.source, size: configuration.size, channels: configuration.channels,
      threads: configuration.threads)
    settings = SettingsCheck(configuration, against: usual, "usual", "usual")
    (self.folder, self.seed) = (folder, seed)
  }

  public func steps() -> [Examination.Step] {
    let learner = LearnerChecks(subject, seed: seed)
    let own: [Check] = trained == nil ? [] : [.dumbBaselines]
    return learner.steps().filter { !own.contains($0.check) }
      + [.init(.settings) { settings.outcome }, .init(.finiteLosses, finiteLosses)]
      + (trained.map { trained in
        [
          .init(.dumbBaselines, cost: 5) { try dumbBaselines(trained) },
          .init(.generalisation, cost: 5) { try generalisation(trained) },
        ]
      } ?? [.init(.generalisation) { .notRun("the run is not finished") }])
  }

  private static func isFinished(_ folder: RunFolder) -> Bool {
    FileManager.default.fileExists(atPath: folder.url.appendingPathComponent(RunWeights.finalName).path)
  }

  private static func images(_ source: LabelledSource) throws -> (train: LabelledImages, held: LabelledImages?) {
    let sets = try LabelledSets(source)
    let held = try LabelledImages(sets.datasets, defects: Array(source.classNames.dropFirst()), split: .validation).real
    return (sets.images, held.items.isEmpty ? nil : held)
  }

  private func finiteLosses() throws -> Outcome {
    guard FileManager.default.fileExists(atPath: folder.losses.path) else { return .notRun("no losses.csv") }
    let table = try LossTable(contentsOf: folder.losses)
    guard let losses = table[column: "loss"], let last = losses.last else { return .notRun("no step was made yet") }
    guard losses.allSatisfy({ $0.value.isFinite }) else {
      let step = losses.first { !$0.value.isFinite }?.step ?? 0
      return Outcome(.fail, "the loss is no finite number in step \(step)")
    }
    let early = losses.prefix(min(max(losses.count / 10, 10), 100)).map(\.value).sorted()
    let median = early[early.count / 2]
    let worst = losses.max { $0.value < $1.value } ?? last
    let measures: [CheckResult.Measure] = [
      .init("steps", Double(losses.count)), .init("early median", median),
      .init("largest loss, in early medians", worst.value / max(median, 1e-12), "≤ 20"),
      .init("last loss", last.value),
    ]
    guard worst.value <= 20 * median else {
      return Outcome(.fail, "the loss was \(worst.value.short) in step \(worst.step)", measures: measures)
    }
    return Outcome(.pass, "all \(losses.count) losses are finite, the last \(last.value.short)", measures: measures)
  }

  private func dumbBaselines(_ trained: any TrainedLearner) throws -> Outcome {
    guard let samples = subject.evaluation?.samples, let held else { return .notRun("there is no validation split") }
    guard try samples.labels.max().item() > 0 else { return .notRun("no validation image shows a defect") }
    let batches = try (0..<40).map { try subject.batch($0) }
    let baselines = try DumbBaselines(train: batches, held: samples, seed: seed)
    return baselines.outcome(
      try baselines.value(logits: trained.logits(like: samples, of: held)), "of the run's weights")
  }

  private func generalisation(_ trained: any TrainedLearner) throws -> Outcome {
    guard let held else { return .notRun("there is no validation split") }
    let (name, known) = try trained.figure(of: train.some(300))
    let (_, new) = try trained.figure(of: held.some(300))
    guard let known, let new else { return .notRun("a split shows no defect") }
    let measures: [CheckResult.Measure] = [
      .init("\(name) of training images", known), .init("of validation images", new, "≥ \((0.8 * known).short)"),
    ]
    guard new < 0.8 * known else {
      return Outcome(.pass, "\(name): \(new.short) of new images, \(known.short) of known ones", measures: measures)
    }
    return Outcome(.warn, "\(name): \(new.short) of new images, \(known.short) of known ones", measures: measures)
  }
}

/// What a run left, asked for its figures.
private protocol TrainedLearner {
  /// As logits for held-out samples, which stand for some of `images`.
  func logits(like samples: LabelledTensors, of images: LabelledImages) throws -> Tensor
  /// Of any defect; nil where there is none.
  func figure(of images: LabelledImages) throws -> (name: String, value: Double?)
}

extension TrainedClassifier: TrainedLearner {
  fileprivate func logits(like samples: LabelledTensors, of images: LabelledImages) throws -> Tensor {
    let urls = LearnerSubject.evenly(images.items.map(\.url), most: samples.count)
    let scores = try self.scores(of: urls)
    return try Tensor(scores.flatMap { $0.map { Float(max($0, 1e-30)) } }, shape: [scores.count, classNames.count])
      .log()
  }

  fileprivate func figure(of images: LabelledImages) throws -> (name: String, value: Double?) {
    ("mean average precision", try figures(of: images).meanAveragePrecision)
  }
}

extension TrainedSegmenter: TrainedLearner {
  fileprivate func logits(like samples: LabelledTensors, of images: LabelledImages) throws -> Tensor {
    let shape = samples.inputs.shape
    return try Tensor.concatenated(
      PixelBatch.images(of: samples.inputs).map { image in
        let values = try answer(for: image).planes.flatMap { $0.map { max($0, 1e-30) } }
        return try Tensor(values, shape: [1, classNames.count, shape[2], shape[3]]).log()
      })
  }

  fileprivate func figure(of images: LabelledImages) throws -> (name: String, value: Double?) {
    ("mean Dice", try figures(of: images.some(24)).meanDice)
  }
}

extension LabelledImages {
  /// So many at most, evenly taken from each class.
  fileprivate func some(_ most: Int) -> LabelledImages {
    let share = max(1, most / max(1, classNames.count))
    let items = classNames.indices.flatMap { label in
      LearnerSubject.evenly(self.items.filter { $0.label == label }, most: share)
    }
    return LabelledImages(classNames: classNames, items: items)
  }
}
