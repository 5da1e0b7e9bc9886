import Datasets
import Files
import Foundation
import Images
import Models
import Runs
import Torch

/// A CycleGAN run in its folder: trains, logs, draws samples, saves, and goes on where it stopped.
public final class CycleGANRun {
  public let folder: RunFolder
  public let trainer: CycleGANTrainer
  public let totalSteps: Int

  public static let kind = "cyclegan"
  /// Weights after the last step, beside the checkpoints: what `synthesize` reads.
  public static let weightsName = "weights.safetensors"

  /// Steps between two looks at the losses where the device is not to be waited for.
  static let deferredSteps = 20

  /// A checkpoint is also written when this many seconds have gone by since the last: so much a crash can cost.
  static let longestUnsaved = 120.0

  private let loader: UnpairedLoader
  private let checkpoints: CheckpointFolder
  private let samples: CycleGANSamples
  private let resumed: Bool
  /// Losses of the last steps that are still on the device, oldest first.
  private var unread: [(losses: CycleGANLosses.Pending, rate: Double, wallTime: Double)] = []
  /// So many steps are read back at once; a checkpoint, a sample, a stop and the end read back whatever there is.
  var readInterval: Int
  private var lastSaved = ProcessInfo.processInfo.systemUptime

  public var configuration: CycleGANConfiguration { trainer.configuration }
  public var isFinished: Bool { trainer.step >= totalSteps }

  /// Starts a run in a new folder, which is made only when everything else stands.
  ///
  /// - Parameter images: those of the configuration's source, where they have been read already.
  public static func start(
    _ configuration: CycleGANConfiguration, images: CycleGANImages? = nil, in url: URL
  ) throws -> CycleGANRun {
    let parts = try Parts(configuration, images: images, place: "training images")
    let record = RunRecord(
      kind: kind, seed: configuration.seed, versions: Versions.all, configuration: configuration)
    return try CycleGANRun(folder: RunFolder(creating: url, record: record), parts, resumed: false)
  }

  /// Opens a run to go on after its last checkpoint.
  ///
  /// - Parameter images: those of the run's source, where they have been read already.
  /// - Throws: `InputError` when it is another kind of run, or its training images have changed.
  public static func resume(_ url: URL, images: CycleGANImages? = nil) throws -> CycleGANRun {
    let folder = try RunFolder(resuming: url)
    let record = try folder.readRecord(of: CycleGANConfiguration.self)
    guard record.kind == kind else {
      throw InputError(at: folder.record.path, expected: "a run of \(kind)", found: record.kind)
    }
    return try CycleGANRun(
      folder: folder, Parts(record.configuration, images: images, place: folder.record.path), resumed: true)
  }

  /// What a configuration says, found and built.
  private struct Parts {
    let images: CycleGANImages
    let trainer: CycleGANTrainer
    let loader: UnpairedLoader
    let samples: CycleGANSamples

    init(_ configuration: CycleGANConfiguration, images read: CycleGANImages?, place: String) throws {
      try configuration.check()
      try Runtime.setThreadCount(configuration.threads)
      images = try read ?? CycleGANImages(configuration.source)
      guard images.hash == configuration.imagesHash else {
        throw InputError(
          at: place, expected: "the training images that the run began with",
          found: "others (files were added, removed or changed)", remedy: "Start a new run")
      }
      trainer = try CycleGANTrainer(configuration)
      loader = try UnpairedLoader(
        a: images.clean, b: images.defect, transform: configuration.transform, batchSize: configuration.batchSize,
        seed: configuration.seed)
      samples = try CycleGANSamples(images, configuration.transform)
    }
  }

  private init(folder: RunFolder, _ parts: Parts, resumed: Bool) throws {
    self.folder = folder
    self.resumed = resumed
    trainer = parts.trainer
    readInterval = parts.trainer.execution.defersChecks ? Self.deferredSteps : 1
    loader = parts.loader
    samples = parts.samples
    totalSteps = parts.trainer.configuration.length.totalSteps(stepsPerEpoch: parts.loader.stepsPerEpoch)
    checkpoints = CheckpointFolder(folder.checkpoints)
    let record = folder.url.appendingPathComponent(TrainingImages.fileName)
    if !FileManager.default.fileExists(atPath: record.path) {
      try AtomicFile.write(parts.images.record.json(), to: record)
    }
    if resumed, let checkpoint = try checkpoints.latest() { try trainer.restore(checkpoint) }
  }

  /// Trains to the end, or until `shouldStop`; a stop saves first.
  ///
  /// - Parameter onStep: called once per step, in order, with the completed steps and the losses; on CUDA for some steps
  ///   at once.
  /// - Returns: whether the run is finished.
  @discardableResult
  public func train(
    shouldStop: () -> Bool = { false }, onStep: (Int, CycleGANLosses) -> Void = { _, _ in }
  ) throws -> Bool {
    let log =
      resumed && FileManager.default.fileExists(atPath: folder.losses.path)
      ? try LossLog(resuming: folder.losses, columns: CycleGANLosses.names + ["learning_rate"], after: trainer.step)
      : try LossLog(creating: folder.losses, columns: CycleGANLosses.names + ["learning_rate"])
    let events = try EventFile(in: folder.events, wallTime: now, resumedStep: resumed ? trainer.step : nil)
    if trainer.step == 0 { try drawSamples(events) }
    if !isFinished {
      let loader = loader
      let batches = Prefetcher(steps: trainer.step..<totalSteps) { try loader.batch(step: $0) }
      while !isFinished {
        try step(batches.next(), log, events, onStep)
        if shouldStop() { break }
      }
      try readBack(log, events, onStep)
    }
    if try checkpoints.steps().last != trainer.step { try save() }
    try log.synchronize()
    try events.synchronize()
    if isFinished { try writeWeights() }
    return isFinished
  }

  private func step(
    _ batch: UnpairedLoader.Batch, _ log: LossLog, _ events: EventFile, _ onStep: (Int, CycleGANLosses) -> Void
  ) throws {
    let device = try Device(configuration.device)
    let factor = configuration.length.factor(step: trainer.step, stepsPerEpoch: loader.stepsPerEpoch)
    let losses = try trainer.train(
      clean: batch.a.tensor(on: device), defect: batch.b.tensor(on: device), rateFactor: factor)
    unread.append((losses, configuration.learningRate * factor, now))
    let isSampled = trainer.step % configuration.sampleInterval == 0 || isFinished
    let isOverdue = ProcessInfo.processInfo.systemUptime - lastSaved > Self.longestUnsaved
    let isSaved = trainer.step % configuration.checkpointInterval == 0 || isOverdue
    if unread.count >= readInterval || isSampled || isSaved { try readBack(log, events, onStep) }
    if isSampled { try drawSamples(events) }
    if isSaved { try save() }
  }

  /// Writes down the losses of the steps since the last look. A checkpoint must not come before its steps' rows.
  private func readBack(_ log: LossLog, _ events: EventFile, _ onStep: (Int, CycleGANLosses) -> Void) throws {
    defer { unread = [] }
    for (pending, rate, wallTime) in unread {
      let (step, losses) = (pending.step, try pending.read())
      try log.append(step: step, values: losses.values + [rate])
      if step % 10 == 0 || step == totalSteps {
        let scalars = zip(CycleGANLosses.names, losses.values).map { (tag: "loss/\($0)", value: Float($1)) }
        try events.write(
          scalars: scalars + [(tag: "learning_rate", value: Float(rate))], step: step, wallTime: wallTime)
      }
      onStep(step, losses)
    }
  }

  private func save() throws {
    try checkpoints.write(trainer.checkpoint())
    lastSaved = ProcessInfo.processInfo.systemUptime
  }

  private func drawSamples(_ events: EventFile) throws {
    let sheet = try samples.sheet(trainer.model, on: Device(configuration.device))
    let png = try sheet.encoded(as: .png)
    let name = String(format: "step-%08d.png", trainer.step)
    try AtomicFile.write(png, to: folder.samples.appendingPathComponent(name))
    try events.write(
      image: .init(
        png: png, height: sheet.height, width: sheet.width, colorspace: sheet.channels == 1 ? .gray : .rgb),
      tag: "samples", step: trainer.step, wallTime: now)
  }

  private func writeWeights() throws {
    let metadata = ["kind": Self.kind, "step": String(trainer.step)]
    try Safetensors.write(
      trainer.model.stateDictionary(), metadata: metadata, to: folder.url.appendingPathComponent(Self.weightsName))
  }

  private var now: Double { Date().timeIntervalSince1970 }
}
