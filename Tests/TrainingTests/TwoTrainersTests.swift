import Datasets
import Foundation
import Testing
import Torch

@testable import Training

/// Two models that train at once, each on a thread of its own, do not notice each other.
struct TwoTrainersTests {
  private typealias Weights = [String: [Float]]

  private func train(seed: UInt64) throws -> Weights {
    try Runtime.setThreadCount(2)  // of this thread
    var configuration = CycleGANConfiguration(
      source: .folders(a: "", b: ""), imagesHash: "", transform: ImageTransform(size: 32, loadSize: nil, channels: 1),
      threads: 2)
    (configuration.seed, configuration.filters, configuration.blocks) = (seed, 16, 2)
    (configuration.discriminatorFilters, configuration.poolSize) = (16, 2)
    let trainer = try CycleGANTrainer(configuration)
    let generator = try Generator(seed: seed)
    for _ in 0..<4 {
      let (clean, defect) = (try images(generator), try images(generator))
      try trainer.train(clean: clean, defect: defect, rateFactor: 1)
    }
    return try trainer.model.stateDictionary().mapValues { try $0.elements(as: Float.self) }
  }

  private func images(_ generator: Generator) throws -> Tensor {
    try Tensor.uniform([2, 1, 32, 32], generator: generator) * 2 - 1
  }

  /// What each seed gives, all at once.
  private func train(seeds: [UInt64]) throws -> [Weights] {
    let lock = NSLock()
    nonisolated(unsafe) var results: [UInt64: Result<Weights, any Error>] = [:]
    let group = DispatchGroup()
    for seed in seeds {
      group.enter()
      Thread.detachNewThread {
        let result = Result { try train(seed: seed) }
        lock.withLock { results[seed] = result }
        group.leave()
      }
    }
    group.wait()
    return try seeds.map { try #require(results[$0]).get() }
  }

  @Test func giveTheBytesThatEachGivesAlone() throws {
    let alone = try train(seeds: [1]) + train(seeds: [2])
    #expect(alone[0] != alone[1])
    for _ in 0..<3 { #expect(try train(seeds: [1, 2]) == alone) }
  }
}
