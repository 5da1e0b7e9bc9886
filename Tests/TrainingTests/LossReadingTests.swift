import Datasets
import Foundation
import Runs
import TestFolders
import Testing

@testable import Training

/// Losses that are read back some steps at a time are written down as if each step had been waited for.
struct LossReadingTests {
  private let folder: TemporaryFolder
  private let configuration: CycleGANConfiguration

  init() throws {
    folder = try TemporaryFolder()
    let dataset = try folder.dataset()
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "bright")
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: 36, channels: 1), threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (4, 4, 1)
    configuration.length = .steps(23)
    (configuration.checkpointInterval, configuration.sampleInterval) = (9, 100)
    self.configuration = configuration
  }

  private func rows(_ run: CycleGANRun) throws -> [String] {
    try String(contentsOf: run.folder.losses, encoding: .utf8).split(separator: "\n").dropFirst().map(String.init)
  }

  /// The steps and losses that `onStep` was given, and how many rows stood in the file when it was asked to stop.
  private func train(
    _ run: CycleGANRun, stoppingAfter last: Int = .max
  ) throws -> (steps: [Int], losses: [CycleGANLosses], rows: [Int]) {
    var (steps, losses, seen): ([Int], [CycleGANLosses], [Int]) = ([], [], [])
    try run.train(
      shouldStop: {
        seen.append((try? rows(run).count) ?? -1)
        return run.trainer.step >= last
      },
      onStep: {
        steps.append($0)
        losses.append($1)
      })
    return (steps, losses, seen)
  }

  @Test func lateReadingWritesTheSameRowsInOrder() throws {
    let first = try CycleGANRun.start(configuration, in: folder["each"])
    let second = try CycleGANRun.start(configuration, in: folder["late"])
    #expect(first.readInterval == 1)
    second.readInterval = 7
    let (each, late) = (try train(first), try train(second))

    #expect(each.rows == Array(1...23))
    // Every 7 steps, before the checkpoints of steps 9 and 18, and at the end.
    let expected = [Int](repeating: 0, count: 6) + [7, 7, 9, 9, 9, 9, 9, 9, 9, 16, 16, 18, 18, 18, 18, 18, 23]
    #expect(late.rows == expected)
    #expect(late.steps == Array(1...23) && each.steps == late.steps)
    #expect(late.losses == each.losses)
    #expect(try rows(second) == rows(first))
    #expect(
      try Data(contentsOf: folder["late/weights.safetensors"]) == Data(contentsOf: folder["each/weights.safetensors"]))
  }

  @Test func aStopReadsWhatIsLeftAndTheRunGoesOn() throws {
    let whole = try CycleGANRun.start(configuration, in: folder["whole"])
    _ = try train(whole)
    func stop() throws {  // a run keeps its folder for itself as long as it lives
      let stopped = try CycleGANRun.start(configuration, in: folder["stopped"])
      stopped.readInterval = 20
      #expect(try train(stopped, stoppingAfter: 12).steps == Array(1...12))
      #expect(try rows(stopped).count == 12)
    }
    try stop()
    let resumed = try CycleGANRun.resume(folder["stopped"])
    resumed.readInterval = 20
    #expect(try train(resumed).steps == Array(13...23))
    #expect(try rows(resumed) == rows(whole))
  }
}
