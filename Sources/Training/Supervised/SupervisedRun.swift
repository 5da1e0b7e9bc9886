import Datasets
import Files
import Foundation
import Runs
import Torch

/// A classifier's or segmenter's run in its folder: trains, logs, saves, and goes on where it stopped.
///
/// The weights are those after the last step: nothing is chosen, so nothing was looked at but the training split.
public final class SupervisedRun<Trainer: SupervisedTrainer> {
  public let folder: RunFolder
  public let trainer: Trainer
  public let configuration: Trainer.Configuration
  /// The data sets that it learns from.
  public let datasets: [Dataset]

  private let checkpoints: CheckpointFolder
  private let resumed: Bool
  private var lastSaved = ProcessInfo.processInfo.systemUptime

  public var totalSteps: Int { configuration.steps }
  public var isFinished: Bool { trainer.step >= totalSteps }

  /// Starts a run in a new folder, which is made only when everything else stands.
  ///
  /// - Parameter sets: those that the configuration's source names.
  public static func start(
    _ configuration: Trainer.Configuration, on sets: LabelledSets, in url: URL
  ) throws -> SupervisedRun {
    try configuration.check()
    precondition(configuration.source == sets.source, "the configuration is of other images")
    try Runtime.setThreadCount(configuration.threads)
    let trainer = try Trainer(configuration, on: sets.images)
    let record = RunRecord(
      kind: Trainer.kind, seed: configuration.seed, versions: Versions.all, configuration: configuration)
    let folder = try RunFolder(creating: url, record: record)
    try AtomicFile.write(sets.record.json(), to: folder.url.appendingPathComponent(TrainingImages.fileName))
    return SupervisedRun(folder, trainer, configuration, sets.datasets, resumed: false)
  }

  /// Opens a run to go on after its last checkpoint.
  ///
  /// - Throws: `InputError` when it is another kind of run, or its training images have changed.
  public static func resume(_ url: URL) throws -> SupervisedRun {
    let folder = try RunFolder(resuming: url)
    let kind = try folder.readRecord().kind
    guard kind == Trainer.kind else {
      throw InputError(at: folder.record.path, expected: "a run of a \(Trainer.kind)", found: kind)
    }
    let configuration = try folder.readRecord(of: Trainer.Configuration.self).configuration
    try configuration.check()
    try Runtime.setThreadCount(configuration.threads)
    let sets = try LabelledSets(configuration.source)
    guard sets.source.hash == configuration.source.hash else {
      throw InputError(
        at: folder.record.path, expected: "the training images that the run began with",
        found: "others (files were added, removed or changed)", remedy: "Start a new run")
    }
    let images = folder.url.appendingPathComponent(TrainingImages.fileName)
    if !FileManager.default.fileExists(atPath: images.path) { try AtomicFile.write(sets.record.json(), to: images) }
    let trainer = try Trainer(configuration, on: sets.images)
    if let checkpoint = try CheckpointFolder(folder.checkpoints).latest() { try trainer.restore(checkpoint) }
    return SupervisedRun(folder, trainer, configuration, sets.datasets, resumed: true)
  }

  private init(
    _ folder: RunFolder, _ trainer: Trainer, _ configuration: Trainer.Configuration, _ datasets: [Dataset],
    resumed: Bool
  ) {
    self.folder = folder
    self.trainer = trainer
    self.configuration = configuration
    self.datasets = datasets
    self.resumed = resumed
    checkpoints = CheckpointFolder(folder.checkpoints)
  }

  /// Trains to the end, or until `shouldStop`; a stop saves first.
  ///
  /// - Parameter onStep: called after each step with the completed steps and the loss.
  /// - Returns: whether the run is finished.
  @discardableResult
  public func train(
    shouldStop: () -> Bool = { false }, onStep: (Int, Double) -> Void = { _, _ in }
  ) throws -> Bool {
    let columns = ["loss", "learning_rate"]
    let log =
      resumed && FileManager.default.fileExists(atPath: folder.losses.path)
      ? try LossLog(resuming: folder.losses, columns: columns, after: trainer.step)
      : try LossLog(creating: folder.losses, columns: columns)
    let events = try EventFile(
      in: folder.events, wallTime: Date().timeIntervalSince1970, resumedStep: resumed ? trainer.step : nil)
    if !isFinished {
      let batches = Prefetcher(steps: trainer.step..<totalSteps, make: trainer.makeBatch)
      while !isFinished {
        let loss = try trainer.train(batches.next())
        try log.append(step: trainer.step, values: [loss, trainer.currentRate])
        if trainer.step % 10 == 0 || isFinished {
          try events.write(
            scalars: [(tag: "loss", value: Float(loss)), (tag: "learning_rate", value: Float(trainer.currentRate))],
            step: trainer.step, wallTime: Date().timeIntervalSince1970)
        }
        onStep(trainer.step, loss)
        let isOverdue = ProcessInfo.processInfo.systemUptime - lastSaved > Self.longestUnsaved
        if trainer.step % configuration.checkpointInterval == 0 || isOverdue { try save() }
        if shouldStop() { break }
      }
    }
    if try checkpoints.steps().last != trainer.step { try save() }
    try log.synchronize()
    try events.synchronize()
    if isFinished {
      try Safetensors.write(
        trainer.checkpoint().tensors(under: "model"),
        metadata: ["kind": Trainer.kind, "step": String(trainer.step)],
        to: folder.url.appendingPathComponent(RunWeights.finalName))
    }
    return isFinished
  }

  /// A checkpoint is also written when this many seconds have gone by since the last: so much a crash can cost.
  private static var longestUnsaved: Double { 120 }

  private func save() throws {
    try checkpoints.write(trainer.checkpoint())
    lastSaved = ProcessInfo.processInfo.systemUptime
  }
}
