import Foundation
import Runs
import Training

/// What is examined of a run, whatever it trains: what it did and left, and its training tried anew.
struct RunChecks {
  let steps: [Examination.Step]

  /// - Throws: `InputError` where the folder holds no run of a kind that is known.
  init(_ url: URL, seed: UInt64) throws {
    let folder = try RunFolder(reading: url)
    let kind = try folder.readRecord().kind
    switch kind {
    case ClassifierTrainer.kind: steps = try SupervisedRunChecks(classifier: folder, seed: seed).steps()
    case SegmenterTrainer.kind: steps = try SupervisedRunChecks(segmenter: folder, seed: seed).steps()
    default: steps = try TranslatorRunChecks(url, seed: seed).steps + Self.skeleton(folder, kind, seed: seed)
    }
  }

  /// The training's own steps, on its images; where these are gone the reason stands in place of each check.
  private static func skeleton(_ folder: RunFolder, _ kind: String, seed: UInt64) -> [Examination.Step] {
    Examination.Step.deferred(TranslatorChecks.checks, "the run's images") {
      TranslatorChecks(try subject(folder, kind), seed: seed).steps()
    }
  }

  private static func subject(_ folder: RunFolder, _ kind: String) throws -> TranslatorSubject {
    if kind == CUTTrainer.kind {
      let configuration = try folder.readRecord(of: CUTConfiguration.self).configuration
      return try .cut(configuration, on: UnpairedImages(configuration.source).files)
    }
    let configuration = try folder.readRecord(of: CycleGANConfiguration.self).configuration
    return try .cycleGAN(configuration, on: UnpairedImages(configuration.source).files)
  }
}
