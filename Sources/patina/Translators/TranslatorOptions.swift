import ArgumentParser
import Datasets
import Files
import Foundation
import Torch
import Training

/// The settings that all translators have.
struct TranslatorOptions: ParsableArguments {
  @Option(help: "A data set made by import, crop or split; its training split is used.") var dataset: String?
  @Option(help: "The class without defects.") var clean: String?
  @Option(help: "The class with defects; where there are masks it may be given again for each class.")
  var defect: [String] = []
  @Option(name: .customLong("a"), help: "A folder of clean images, in place of a data set.") var folderA: String?
  @Option(name: .customLong("b"), help: "A folder of defective images.") var folderB: String?

  @Option(help: "Side of the square that the network sees, in pixels; a multiple of 4.") var size: Int?
  @Option(help: "The short side is resized to this before cropping (default: size × 286 / 256).") var loadSize: Int?
  @Flag(help: "Crop at native scale, without resizing.") var native = false
  @Option(help: "1 grey, 3 colour (default: grey when all images are).") var channels: Int?
  @Flag(inversion: .prefixedNo, help: "Mirror half of the images.") var flip: Bool?

  @Option(help: "Filters of the generator's first layer (default 64).") var filters: Int?
  @Option(help: "Residual blocks (default 9 from 256 pixels on, else 6).") var blocks: Int?
  @Option(help: "Filters of the discriminator's first layer (default 64).") var discriminatorFilters: Int?
  @Option(name: .customLong("batch"), help: "Images per step (default 1).") var batchSize: Int?
  @Option(help: "Epochs at the full learning rate (default: as published).") var epochs: Int?
  @Option(help: "Epochs over which it falls to 0 (default: as published).") var decayEpochs: Int?
  @Option(help: "Steps in all, the second half decaying; in place of epochs.") var steps: Int?
  @Option(help: "Learning rate (default 2e-4).") var learningRate: Double?
  @Option(help: "Seed of everything random (default 0).") var seed: UInt64?
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Option(help: "cpu, cuda or cuda:N (default cpu).") var device: String?
  @Option(help: "fp32 or bf16 (default fp32).") var precision: TrainingPrecision?
  @Option(help: "Steps between checkpoints (default 500).") var checkpointEvery: Int?
  @Option(help: "Steps between sample pictures (default 500).") var sampleEvery: Int?

  /// Whether any is given.
  var isUsed: Bool {
    let settings: [Any?] = [
      dataset, clean, defect.first, folderA, folderB, size, loadSize, native ? true : nil, channels, flip, filters,
      blocks, discriminatorFilters, batchSize, epochs, decayEpochs, steps, learningRate, seed, threads, device,
      precision, checkpointEvery, sampleEvery,
    ]
    return settings.contains { $0 != nil }
  }

  /// For a run that begins.
  func check(hasMasks: Bool) throws {
    if let size, !(32...4096).contains(size) || size % 4 != 0 {
      throw ValidationError("--size needs a multiple of 4 from 32 to 4096")
    }
    guard !native || loadSize == nil else { throw ValidationError("give --native or --load-size") }
    switch (dataset, folderA, folderB) {
    case (.some, nil, nil):
      guard clean != nil, !defect.isEmpty else { throw ValidationError("--dataset needs --clean and --defect") }
      guard hasMasks || defect.count == 1 else {
        throw ValidationError("several classes at once need masks, which tell them apart")
      }
    case (nil, .some, .some):
      guard clean == nil, defect.isEmpty, !hasMasks else {
        throw ValidationError("--clean, --defect and --masks are of a --dataset; folders are A and B")
      }
    default: throw ValidationError("give --dataset with --clean and --defect, or --a and --b")
    }
    guard steps == nil || (epochs == nil && decayEpochs == nil) else {
      throw ValidationError("give --steps, or --epochs and --decay-epochs")
    }
    guard !hasMasks || loadSize == nil else {
      throw ValidationError("--masks work at native scale; leave --load-size out")
    }
  }

  func source(hasMasks: Bool) throws -> TrainingSource {
    if let dataset, let clean, let first = defect.first {
      let path = URL(fileURLWithPath: dataset).path
      return hasMasks
        ? .classes(path: path, clean: clean, defects: defect) : .dataset(path: path, clean: clean, defect: first)
    }
    if let folderA, let folderB {
      return .folders(a: URL(fileURLWithPath: folderA).path, b: URL(fileURLWithPath: folderB).path)
    }
    throw ValidationError("give --dataset, or --a and --b")
  }

  func transform(_ images: UnpairedImages, hasMasks: Bool) -> ImageTransform {
    let size = size ?? 256
    return ImageTransform(
      size: size, loadSize: native || hasMasks ? nil : loadSize ?? ImageTransform.referenceLoadSize(for: size),
      channels: channels ?? images.channels, flips: flip ?? true)
  }

  var threadCount: Int { threads ?? Runtime.threadCount }

  /// Fills in what was given.
  func apply(to configuration: inout some TranslatorConfiguration) {
    if let filters { configuration.filters = filters }
    if let blocks { configuration.blocks = blocks }
    if let discriminatorFilters { configuration.discriminatorFilters = discriminatorFilters }
    if let batchSize { configuration.batchSize = batchSize }
    if let epochs { configuration.length.constant = epochs }
    if let decayEpochs { configuration.length.decay = decayEpochs }
    if let steps { configuration.length = .steps(steps) }
    if let learningRate { configuration.learningRate = learningRate }
    if let seed { configuration.seed = seed }
    if let device { configuration.device = device }
    if let precision { configuration.precision = precision }
    if let checkpointEvery { configuration.checkpointInterval = checkpointEvery }
    if let sampleEvery { configuration.sampleInterval = sampleEvery }
  }
}

extension TrainingPrecision: ExpressibleByArgument {}
