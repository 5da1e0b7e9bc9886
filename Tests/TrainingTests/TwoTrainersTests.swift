import Datasets
import Foundation
import Randomness
import Testing
import Torch

@testable import Training

/// Two models that train at once, each on a thread of its own, do not notice each other.
struct TwoTrainersTests {
  private func weights(seed: UInt64) throws -> [String: [Float]] {
    try Runtime.setThreadCount(2)  // of this thread
    var configuration = CycleGANConfiguration(
      source: .folders(a: "", b: ""), imagesHash: "", transform: ImageTransform(size: 32, loadSize: nil, channels: 1),
      threads: 2)
    (configuration.seed, configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (seed, 16, 16, 2)
    configuration.poolSize = 2
    let trainer = try CycleGANTrainer(configuration)
    let generator = try Generator(seed: seed)
    for _ in 0..<4 {
      let (clean, defect) = (try image(generator), try image(generator))
      try trainer.train(clean: clean, defect: defect, rateFactor: 1)
    }
    return try trainer.model.stateDictionary().mapValues { try $0.elements(as: Float.self) }
  }

  private func image(_ generator: Generator) throws -> Tensor {
    try Tensor.uniform([2, 1, 32, 32], generator: generator) * 2 - 1
  }

  @Test func giveTheBytesThatEachGivesAlone() throws {
    let seeds: [UInt64] = [1, 2]
    let alone = try seeds.map { try onThreads([$0])[0] }
    #expect(alone[0] != alone[1])
    for _ in 0..<3 { #expect(try onThreads(seeds) == alone) }
  }

  private func onThreads(_ seeds: [UInt64]) throws -> [[String: [Float]]] {
    let results = Results(count: seeds.count)
    let group = DispatchGroup()
    for (index, seed) in seeds.enumerated() {
      group.enter()
      Thread.detachNewThread {
        results.set(index, Result { try weights(seed: seed) })
        group.leave()
      }
    }
    group.wait()
    return try results.all()
  }
}

private final class Results: @unchecked Sendable {
  private let lock = NSLock()
  private var results: [Result<[String: [Float]], any Error>?]
  init(count: Int) { results = .init(repeating: nil, count: count) }
  func set(_ index: Int, _ result: Result<[String: [Float]], any Error>) { lock.withLock { results[index] = result } }
  func all() throws -> [[String: [Float]]] { try lock.withLock { try results.map { try $0!.get() } } }
}
