import ArgumentParser
import Datasets
import Files
import Foundation
import Logging
import Models
import Runs
import Torch
import Training

struct TrainCycleGANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cyclegan", abstract: "CycleGAN as published (Zhu et al., ICCV 2017).",
    discussion: """
      Defaults are the published ones: 256 pixels, batch 1, 100 epochs at 2e-4 and
      100 more down to 0. Ctrl-C saves and stops; --resume goes on and ends with the
      very same weights as a run that was never stopped.

      Examples:
        patina train cyclegan --dataset windows --clean Free \\
            --defect Crack --size 64 --steps 3000 --run runs/crack
        patina train cyclegan --a trainA --b trainB --run runs/zebra
        patina train cyclegan --run runs/zebra --resume
      """)

  @Option(help: "A data set made by import, crop or split; its training split is used.") var dataset: String?
  @Option(help: "The class without defects.") var clean: String?
  @Option(help: "The class with defects.") var defect: String?
  @Option(name: .customLong("a"), help: "A folder of clean images, in place of a data set.") var folderA: String?
  @Option(name: .customLong("b"), help: "A folder of defective images.") var folderB: String?
  @Option(
    name: .customLong("run"), help: ArgumentHelp("Folder of the run; must be new unless --resume.", valueName: "dir"))
  var folder: String
  @Flag(help: "Go on after the last checkpoint.") var resume = false

  @Option(help: "Side of the square that the network sees, in pixels; a multiple of 4.") var size: Int?
  @Option(help: "The short side is resized to this before cropping (default: size × 286 / 256).") var loadSize: Int?
  @Flag(help: "Crop at native scale, without resizing.") var native = false
  @Option(help: "1 grey, 3 colour (default: grey when all images are).") var channels: Int?
  @Flag(inversion: .prefixedNo, help: "Mirror half of the images.") var flip: Bool?

  @Option(help: "Filters of the generator's first layer (default 64).") var filters: Int?
  @Option(help: "Residual blocks (default 9 from 256 pixels on, else 6).") var blocks: Int?
  @Option(help: "Filters of the discriminator's first layer (default 64).") var discriminatorFilters: Int?
  @Option(name: .customLong("batch"), help: "Images per step (default 1).") var batchSize: Int?
  @Option(help: "Epochs at the full learning rate (default 100).") var epochs: Int?
  @Option(help: "Epochs over which it falls to 0 (default 100).") var decayEpochs: Int?
  @Option(help: "Steps in all, the second half decaying; in place of epochs.") var steps: Int?
  @Option(help: "Learning rate (default 2e-4).") var learningRate: Double?
  @Option(help: "Weight of the cycle losses (default 10).") var cycle: Double?
  @Option(help: "Multiplies the cycle weight for the identity loss (default 0.5); 0 leaves it out.") var identity:
    Double?
  @Option(help: "Images in each pool (default 50).") var pool: Int?
  @Option(help: "Seed of everything random (default 0).") var seed: UInt64?
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Option(help: "cpu, cuda or cuda:N (default cpu).") var device: String?
  @Option(help: "fp32 or bf16 (default fp32).") var precision: CycleGANConfiguration.Precision?
  @Option(help: "Steps between checkpoints (default 500).") var checkpointEvery: Int?
  @Option(help: "Steps between sample pictures (default 500).") var sampleEvery: Int?

  func validate() throws {
    let settings: [Any?] = [
      dataset, clean, defect, folderA, folderB, size, loadSize, channels, flip, filters, blocks, discriminatorFilters,
      batchSize, epochs, decayEpochs, steps, learningRate, cycle, identity, pool, seed, threads, device, precision,
      checkpointEvery, sampleEvery, native ? true : nil,
    ]
    guard !resume else {
      guard settings.allSatisfy({ $0 == nil }) else {
        throw ValidationError("--resume takes every setting from the run; give --run alone")
      }
      return
    }
    if let size, !(32...4096).contains(size) || size % 4 != 0 {
      throw ValidationError("--size needs a multiple of 4 from 32 to 4096")
    }
    guard !native || loadSize == nil else { throw ValidationError("give --native or --load-size") }
    switch (dataset, folderA, folderB) {
    case (.some, nil, nil):
      guard clean != nil, defect != nil else { throw ValidationError("--dataset needs --clean and --defect") }
    case (nil, .some, .some):
      guard clean == nil, defect == nil else {
        throw ValidationError("--clean and --defect name classes of a --dataset; folders are A and B")
      }
    default: throw ValidationError("give --dataset with --clean and --defect, or --a and --b")
    }
    guard steps == nil || (epochs == nil && decayEpochs == nil) else {
      throw ValidationError("give --steps, or --epochs and --decay-epochs")
    }
  }

  func run() throws {
    let url = URL(fileURLWithPath: folder)
    let training = resume ? try CycleGANRun.resume(url) : try start(in: url)
    Signals.install()
    let first = training.trainer.step
    let configuration = training.configuration
    let log = try Logger.run(training.folder)
    let verb = resume ? "resuming after step \(first)" : "training"
    log.info(
      "\(verb) \(resume ? "of" : "for") \(training.totalSteps) steps, \(configuration.threads) threads, \(configuration.device), \(configuration.precision.rawValue)"
    )
    let bar = ProgressBar(label: "training", total: training.totalSteps, done: first)
    let finished = try training.train(shouldStop: { Signals.isStopRequested }) { step, losses in
      bar.update(
        done: step,
        losses: [
          ("G", losses.adversarialDefect + losses.adversarialClean), ("cycle", losses.cycleClean + losses.cycleDefect),
          ("D", losses.discriminatorDefect + losses.discriminatorClean),
        ])
    }
    bar.finish()
    guard finished else {
      log.notice(
        "stopped after step \(training.trainer.step) and saved; go on with: patina train cyclegan --run \(folder) --resume"
      )
      throw ExitCode(1)
    }
    log.info("done: \(url.appendingPathComponent(CycleGANRun.weightsName).path)")
  }

  private func start(in url: URL) throws -> CycleGANRun {
    let source: CycleGANConfiguration.Source
    if let dataset, let clean, let defect {
      source = .dataset(path: URL(fileURLWithPath: dataset).path, clean: clean, defect: defect)
    } else if let folderA, let folderB {
      source = .folders(a: URL(fileURLWithPath: folderA).path, b: URL(fileURLWithPath: folderB).path)
    } else {
      throw ValidationError("give --dataset, or --a and --b")
    }
    let images = try CycleGANImages(source)
    let size = size ?? 256
    let transform = ImageTransform(
      size: size, loadSize: native ? nil : loadSize ?? ImageTransform.referenceLoadSize(for: size),
      channels: channels ?? images.channels, flips: flip ?? true)
    var result = CycleGANConfiguration(
      source: source, imagesHash: images.hash, transform: transform, threads: threads ?? Runtime.threadCount)
    if let filters { result.filters = filters }
    if let blocks { result.blocks = blocks }
    if let discriminatorFilters { result.discriminatorFilters = discriminatorFilters }
    if let batchSize { result.batchSize = batchSize }
    if let epochs { result.length.constant = epochs }
    if let decayEpochs { result.length.decay = decayEpochs }
    if let steps { result.length = .steps(steps) }
    if let learningRate { result.learningRate = learningRate }
    if let cycle { (result.loss.cleanCycle, result.loss.defectCycle) = (cycle, cycle) }
    if let identity { result.loss.identity = identity }
    if let pool { result.poolSize = pool }
    if let seed { result.seed = seed }
    if let device { result.device = device }
    if let precision { result.precision = precision }
    if let checkpointEvery { result.checkpointInterval = checkpointEvery }
    if let sampleEvery { result.sampleInterval = sampleEvery }
    return try CycleGANRun.start(result, images: images, in: url)
  }
}

extension CycleGANConfiguration.Precision: ExpressibleByArgument {}
