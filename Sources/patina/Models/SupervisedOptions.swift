import ArgumentParser
import Datasets
import Files
import Foundation
import Torch
import Training

/// The settings that classifiers and segmenters share.
struct SupervisedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A split data set, real or synthetic; its training split is used. Again for each further one.",
      valueName: "dir"))
  var dataset: [String] = []
  @Option(help: "Defects to tell apart, with commas between. Default: all that the data sets have.")
  var classes: String?
  @Option(help: "Channels of the first stage (default 16).") var width: Int?
  @Option(help: "Learning rate at the start (default 1e-3).") var learningRate: Double?
  @Option(help: "Seed of everything random (default 0).") var seed: UInt64?
  @Option(help: "Threads (default: all cores).") var threads: Int?
  @Option(help: "cpu, cuda or cuda:N (default cpu).") var device: String?
  @Option(help: "fp32 or bf16 (default fp32).") var precision: TrainingPrecision?
  @Option(help: "Steps between checkpoints (default 100).") var checkpointEvery: Int?

  /// Whether any is given.
  var isUsed: Bool {
    let settings: [Any?] = [
      dataset.first, classes, width, learningRate, seed, threads, device, precision, checkpointEvery,
    ]
    return settings.contains { $0 != nil }
  }

  func check() throws {
    guard !dataset.isEmpty else { throw ValidationError("give --dataset, once or more often, or --resume") }
  }

  func sets() throws -> LabelledSets {
    try LabelledSets(
      dataset.map { try Dataset(at: URL(fileURLWithPath: $0)) },
      defects: classes?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
  }

  var threadCount: Int { threads ?? Runtime.threadCount }
}
