import Datasets
import Files
import Foundation
import Images
import Runs
import Torch

/// A translator's run in its folder: trains, logs, draws samples, saves, and goes on where it stopped.
public final class TranslatorRun<Trainer: TranslatorTrainer> {
  public let folder: RunFolder
  public let trainer: Trainer
  public let totalSteps: Int

  /// Steps between two looks at the losses where the device is not to be waited for.
  static var deferredSteps: Int { 20 }

  /// A checkpoint is also written when this many seconds have gone by since the last: so much a crash can cost.
  static var longestUnsaved: Double { 120 }

  let loader: any TranslatorLoader<Trainer.Batch>
  private let checkpoints: CheckpointFolder
  private let samples: Trainer.Batch
  let comparison: HeldOutComparison<Trainer>?
  private let figureLog: FigureLog?
  private let resumed: Bool
  /// Losses of the last steps that are still on the device, oldest first.
  private var unread: [(losses: PendingLosses<Trainer.Losses>, rate: Double, wallTime: Double)] = []
  /// So many steps are read back at once; a checkpoint, a sample, a stop and the end read back whatever there is.
  var readInterval: Int
  /// Called with every measurement.
  public var onFigures: (TrainingFigures) -> Void = { _ in }
  /// Called when something begins to go wrong, and when that ends. It stands in `warnings.csv` by then.
  public var onWarning: (TrainingWarning) -> Void = { _ in }
  private var watch: RunWatch?
  private var lastSaved = ProcessInfo.processInfo.systemUptime

  public var configuration: Trainer.Configuration { trainer.configuration }
  public var isFinished: Bool { trainer.step >= totalSteps || isExhausted }
  /// Whether the figures have not become better for as long as they may.
  public var isExhausted: Bool { figureLog?.isExhausted ?? false }
  /// All measurements so far.
  public var figures: [TrainingFigures] { figureLog?.rows ?? [] }
  /// The measurement of the chosen checkpoint.
  public var chosen: TrainingFigures? { figureLog?.best }

  /// Starts a run in a new folder, which is made only when everything else stands.
  ///
  /// - Parameter images: those of the configuration's source, where they have been read already.
  public static func start(
    _ configuration: Trainer.Configuration, images: UnpairedImages? = nil, in url: URL
  ) throws -> TranslatorRun {
    let parts = try Parts(configuration, images: images, place: "training images")
    let record = RunRecord(
      kind: Trainer.kind, seed: configuration.seed, versions: Versions.all, configuration: configuration)
    return try TranslatorRun(folder: RunFolder(creating: url, record: record), parts, resumed: false)
  }

  /// Opens a run to go on after its last checkpoint.
  ///
  /// - Parameter images: those of the run's source, where they have been read already.
  /// - Throws: `InputError` when it is another kind of run, or its training images have changed.
  public static func resume(_ url: URL, images: UnpairedImages? = nil) throws -> TranslatorRun {
    let folder = try RunFolder(resuming: url)
    let record = try folder.readRecord(of: Trainer.Configuration.self)
    guard record.kind == Trainer.kind else {
      throw InputError(at: folder.record.path, expected: "a run of \(Trainer.kind)", found: record.kind)
    }
    return try TranslatorRun(
      folder: folder, Parts(record.configuration, images: images, place: folder.record.path), resumed: true)
  }

  /// What a configuration says, found and built.
  private struct Parts {
    let images: UnpairedImages
    let trainer: Trainer
    let loader: any TranslatorLoader<Trainer.Batch>
    let samples: Trainer.Batch
    /// Loads the images that the run is measured on.
    let heldOut: (any TranslatorLoader<Trainer.Batch>)?
    let network: FeatureNetwork?

    init(_ configuration: Trainer.Configuration, images read: UnpairedImages?, place: String) throws {
      try configuration.check()
      try Runtime.setThreadCount(configuration.threads)
      images = try read ?? UnpairedImages(configuration.source)
      guard images.hash == configuration.imagesHash else {
        throw InputError(
          at: place, expected: "the training images that the run began with",
          found: "others (files were added, removed or changed)", remedy: "Start a new run")
      }
      trainer = try Trainer(configuration, execution: nil)
      if let figures = configuration.figures {
        let (learned, held) = try images.holdingOut(figures.heldOut, seed: configuration.seed)
        loader = try Trainer.loader(configuration, learned, learned: learned)
        var other = configuration
        other.batchSize = HeldOutComparison<Trainer>.batchSize
        heldOut = try Trainer.loader(other, held, learned: learned)
        network = try figures.network()
      } else {
        loader = try Trainer.loader(configuration, images.files, learned: images.files)
        heldOut = nil
        network = nil
      }
      samples = try loader.samples(4)
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
    if let settings = parts.trainer.configuration.figures, let heldOut = parts.heldOut, let network = parts.network {
      comparison = HeldOutComparison(
        loader: heldOut, network: network, images: settings.images,
        cache: folder.url.appendingPathComponent("figures.safetensors"))
      figureLog = try FigureLog(in: folder, after: trainer.step, patience: settings.patience)
    } else {
      comparison = nil
      figureLog = nil
    }
  }

  /// Trains to the end, or until `shouldStop`; a stop saves first.
  ///
  /// - Parameter onStep: called once per step, in order, with the completed steps and the losses; on CUDA for some steps
  ///   at once.
  /// - Returns: whether the run is finished.
  @discardableResult
  public func train(
    shouldStop: () -> Bool = { false }, onStep: (Int, Trainer.Losses) -> Void = { _, _ in }
  ) throws -> Bool {
    let log =
      resumed && FileManager.default.fileExists(atPath: folder.losses.path)
      ? try LossLog(resuming: folder.losses, columns: Trainer.Losses.names + ["learning_rate"], after: trainer.step)
      : try LossLog(creating: folder.losses, columns: Trainer.Losses.names + ["learning_rate"])
    let events = try EventFile(in: folder.events, wallTime: now, resumedStep: resumed ? trainer.step : nil)
    watch = try RunWatch(
      in: folder, losses: Trainer.Losses.names, totalSteps: totalSteps,
      adversarialWeight: configuration.adversarialWeight, resumedAfter: resumed ? trainer.step : nil)
    if trainer.step == 0 { try drawSamples(events) }
    do {
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
    } catch let error as NonFiniteLoss {
      throw try stopped(by: error)
    }
    try log.synchronize()
    try figureLog?.synchronize()
    try events.synchronize()
    if isFinished { try writeWeights() }
    return isFinished
  }

  private func step(
    _ batch: Trainer.Batch, _ log: LossLog, _ events: EventFile, _ onStep: (Int, Trainer.Losses) -> Void
  ) throws {
    let factor = configuration.length.factor(step: trainer.step, stepsPerEpoch: loader.stepsPerEpoch)
    let losses = try trainer.train(batch, rateFactor: factor)
    unread.append((losses, configuration.learningRate * factor, now))
    let isSampled = trainer.step % configuration.sampleInterval == 0 || isFinished
    let isOverdue = ProcessInfo.processInfo.systemUptime - lastSaved > Self.longestUnsaved
    let isSaved = trainer.step % configuration.checkpointInterval == 0 || isOverdue
    if unread.count >= readInterval || isSampled || isSaved { try readBack(log, events, onStep) }
    if isSampled { try drawSamples(events) }
    try measure(events)
    if isSaved { try save() }
  }

  /// Writes down the losses of the steps since the last look. A checkpoint must not come before its steps' rows.
  private func readBack(_ log: LossLog, _ events: EventFile, _ onStep: (Int, Trainer.Losses) -> Void) throws {
    defer { unread = [] }
    for (pending, rate, wallTime) in unread {
      let (step, losses) = (pending.step, try pending.read())
      try log.append(step: step, values: losses.values + [rate])
      if step % 10 == 0 || step == totalSteps {
        let scalars = zip(Trainer.Losses.names, losses.values).map { (tag: "loss/\($0)", value: Float($1)) }
        try events.write(
          scalars: scalars + [(tag: "learning_rate", value: Float(rate))], step: step, wallTime: wallTime)
      }
      onStep(step, losses)
      try tell { try $0.follow(step: step, losses: losses.values) }
    }
  }

  /// Writes down and tells what the watch finds.
  private func tell(_ look: (inout RunWatch) throws -> [TrainingWarning]) throws {
    guard var current = watch else { return }
    watch = nil
    defer { watch = current }
    for warning in try look(&current) { onWarning(warning) }
  }

  /// What a loss or weight that is no finite number ends the run with: the step, what is kept, and what to do.
  private func stopped(by error: NonFiniteLoss) throws -> TorchError {
    try tell { try $0.stop(by: error) }
    let kept = try checkpoints.steps().last.map { step in
      "What it had learned by step \(step) is kept in checkpoints/\(checkpoints.file(step: step).lastPathComponent)"
    }
    let remedy = configuration.precision == .float32 ? "" : ", or with --precision fp32"
    return TorchError(
      .operation,
      "\(folder.url.path): \(error.name) became \(error.value) in step \(error.step), and the run stopped. "
        + "\(kept ?? "No checkpoint was written yet"). It would stop there again: begin a new run with a lower "
        + "--learning-rate\(remedy)")
  }

  /// Measures when it is time to, and keeps the weights if they are the best yet.
  private func measure(_ events: EventFile) throws {
    guard let comparison, let figureLog, let settings = configuration.figures,
      trainer.step % settings.interval == 0 || trainer.step >= totalSteps
    else { return }
    let figures = try comparison.figures(of: trainer, seed: configuration.seed)
    try figureLog.append(figures, weights: trainer.weights, kind: Trainer.kind)
    let scalars = zip(TrainingFigures.names, figures.values).map { (tag: "figures/\($0)", value: Float($1)) }
    try events.write(scalars: scalars, step: figures.step, wallTime: now)
    onFigures(figures)
  }

  /// - Throws: `NonFiniteLoss` when a weight is no finite number, before its checkpoint takes a good one's place.
  private func save() throws {
    let checkpoint = try trainer.checkpoint()
    guard try checkpoint.hasFiniteWeights else {
      throw NonFiniteLoss(name: "a weight", value: .nan, step: trainer.step)
    }
    try checkpoints.write(checkpoint)
    lastSaved = ProcessInfo.processInfo.systemUptime
  }

  private func drawSamples(_ events: EventFile) throws {
    let pictures = try withoutGradients { try trainer.pictures(of: samples) }
    let rows = try pictures.map { row in
      try PixelBatch.images(of: row.images).map { ContactSheet.Cell($0, caption: row.caption) }
    }
    let sheet = try ContactSheet(rows: rows).rendered()
    let png = try sheet.encoded(as: .png)
    let name = String(format: "step-%08d.png", trainer.step)
    try AtomicFile.write(png, to: folder.samples.appendingPathComponent(name))
    try events.write(
      image: .init(
        png: png, height: sheet.height, width: sheet.width, colorspace: sheet.channels == 1 ? .gray : .rgb),
      tag: "samples", step: trainer.step, wallTime: now)
    try tell { try $0.follow(step: trainer.step, rows: pictures) }
  }

  private func writeWeights() throws {
    let metadata = ["kind": Trainer.kind, "step": String(trainer.step)]
    try Safetensors.write(
      trainer.weights(), metadata: metadata, to: folder.url.appendingPathComponent(RunWeights.finalName))
  }

  private var now: Double { Date().timeIntervalSince1970 }
}
