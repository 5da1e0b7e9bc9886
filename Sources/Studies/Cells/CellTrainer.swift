import Datasets
import Files
import Foundation
import Runs
import Torch
import Training

/// Trains one cell: one arm with one seed. Arms differ in what is named here, and in `CellNetwork`, and in nothing else.
public struct CellTrainer {
  private let settings: StudySettings
  private let data: StudyData
  private let added: [StudyArm.Source: AddedImages]
  private let network: any CellNetwork

  /// - Parameters:
  ///   - added: all that arms add to the real images.
  ///   - backbone: the weights that every network begins with; nil for random ones.
  public init(
    _ settings: StudySettings, data: StudyData, added: StudyAdditions.Made, backbone: Safetensors? = nil
  ) throws {
    self.settings = settings
    self.data = data
    self.added = added.mapValues { AddedImages($0, settings: settings) }
    network =
      switch settings.network {
      case .classifier(let classifier):
        ClassifierCells(
          classifier, size: settings.imageSize, data: data, backbone: backbone)
      case .segmenter(let segmenter): try SegmenterCells(segmenter, data: data)
      }
  }

  /// - Parameter onStep: called after each step; throwing from it ends the training.
  public func train(_ cell: StudyCell, onStep: (Int) throws -> Void = { _ in }) throws -> CellRecord {
    let start = ProcessInfo.processInfo.systemUptime
    let classes = settings.classes
    let arm = cell.arm
    let added = arm.source.flatMap { self.added[$0] }
    let counts = classes.indices.map { data.count(data.train, $0) }
    var losses: [LossPoint] = []
    let interval = max(1, settings.network.steps / 50)
    let training = try network.training(
      arm, with: added, counts: zip(counts, added?.counts ?? counts.map { _ in 0 }).map(+), seed: UInt64(cell.seed))
    var best = BestWeights(settings)
    try training.train { step, loss in
      if step % interval == 0 { losses.append(LossPoint(step: step, loss: loss)) }
      try best.look(at: training, step: step)
      try onStep(step)
    }
    try best.restore(to: training)
    var composition = zip(classes, counts).map { TrainingCount(origin: .real, label: $0, count: $1) }
    if let added {
      let origin: TrainingCount.Origin = arm.addition == .oracle ? .real : .synthetic
      composition += zip(classes, added.counts).dropFirst().map { TrainingCount(origin: origin, label: $0, count: $1) }
    }
    return CellRecord(
      id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, split: cell.part.split,
      fraction: cell.part.fraction, classes: classes, steps: settings.network.steps,
      validation: try training.predictions(.validation), test: try training.predictions(.test), loss: losses,
      seconds: ProcessInfo.processInfo.systemUptime - start, trainingImages: composition, threads: Runtime.threadCount,
      libtorch: try Runtime.runningVersion(), audit: audit(added))
  }

  /// Counted anew for each cell, from what it was trained on.
  private func audit(_ added: AddedImages?) -> [Fact] {
    let held = data.validation + data.test
    let contents = Set(held.map(\.contentKey))
    let groups = Set(held.map(\.image.group))
    let trained = data.train.map(\.image.group) + (added?.groups ?? [])
    return [
      Fact("training images also held out", "\(data.train.count { contents.contains($0.contentKey) })"),
      Fact("training images of held-out groups", "\(trained.count { groups.contains($0) })"),
    ]
  }
}

/// Images that an arm adds to the real ones.
struct AddedImages {
  /// In the classes' order, as far as there are images.
  let datasets: [Dataset]
  /// File and class of each.
  let samples: [LabelledLoader.Sample]
  /// By class.
  let counts: [Int]
  /// Of what they were made from.
  let groups: [String]

  /// - Parameter made: the images of each defect class.
  init(_ made: [String: Dataset], settings: StudySettings) {
    let classes = settings.defects.enumerated().compactMap { index, name in made[name].map { (index + 1, $0) } }
    // Gates may have refused all of a class.
    datasets = classes.map(\.1).filter { !$0.images.isEmpty }
    samples = classes.flatMap { label, made in made.images.map { .init(url: made.url(of: $0), label: label) } }
    groups = datasets.flatMap { $0.images.map(\.group) }
    var counts = [Int](repeating: 0, count: settings.classes.count)
    for (label, made) in classes { counts[label] = made.images.count }
    self.counts = counts
  }
}
