import Datasets
import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

struct UnpairedLoaderTests {
  private let images: TemporaryFolder
  private let a: [URL]
  private let b: [URL]
  private let transform = ImageTransform(size: 8, loadSize: nil, channels: 1)

  /// Few of A, many of B; every pixel of an image of A is its own, so that crops and flips can be told.
  init() throws {
    let images = try TemporaryFolder()
    self.images = images
    a = try (0..<3).map { index in try images.add("a\(index).png", width: 16, height: 16) { x, y in x * 16 + y } }
    b = try (0..<20).map { index in try images.add("b\(index).png", width: 16, height: 16) { x, y in x * 16 + y } }
  }

  private func loader(_ a: [URL], _ b: [URL], batch: Int = 1, seed: UInt64 = 1) throws -> UnpairedLoader {
    try UnpairedLoader(a: a, b: b, transform: transform, batchSize: batch, seed: seed)
  }

  @Test func anEpochIsAsLongAsTheLargerDomainWhicheverItIs() throws {
    #expect(try loader(a, b).stepsPerEpoch == 20)
    #expect(try loader(b, a).stepsPerEpoch == 20)
    #expect(try loader(a, b, batch: 6).stepsPerEpoch == 3)
    #expect(try loader(a, a, batch: 8).stepsPerEpoch == 1)
  }

  @Test func everyImageOfALargerAComesOnceAnEpochInANewOrder() throws {
    let loader = try loader(b, a)
    let epochs = (0..<3).map { epoch in (0..<20).flatMap { loader.files(step: epoch * 20 + $0).a } }
    for epoch in epochs { #expect(Set(epoch) == Set(b)) }
    #expect(epochs[0] != epochs[1])
  }

  @Test func aSmallerAIsRepeatedEvenly() throws {
    let loader = try loader(a, b)
    let counts = Dictionary(grouping: (0..<20).flatMap { loader.files(step: $0).a }) { $0 }.mapValues(\.count)
    #expect(counts.values.sorted() == [6, 7, 7])
  }

  /// Not with A's length (most of B would never be seen), and not in lockstep (pairs would never change).
  @Test func bIsDrawnFromAllOfBAndPairsChange() throws {
    let loader = try loader(a, b)
    let drawn = (0..<400).flatMap { loader.files(step: $0).b }
    #expect(Set(drawn) == Set(b))
    var partners: [URL: Set<URL>] = [:]
    for step in 0..<400 {
      let files = loader.files(step: step)
      partners[files.a[0], default: []].formUnion(files.b)
    }
    #expect(partners.values.allSatisfy { $0.count > 15 })
    // And a B that is smaller than A is never asked for what it does not have.
    let reversed = try self.loader(b, a)
    #expect(Set((0..<200).flatMap { reversed.files(step: $0).b }) == Set(a))
  }

  @Test func cropsAndFlipsOfAAndBAreIndependent() throws {
    // The very same picture on both sides: equal crops in every step would give equal batches.
    let loader = try loader([a[0]], [a[0]])
    var equal = 0
    var flipsAgree = 0
    for step in 0..<100 {
      let batch = try loader.batch(step: step)
      if batch.a.values == batch.b.values { equal += 1 }
      func isFlipped(_ pixels: PixelBatch) -> Bool { pixels.values[1] < pixels.values[0] }
      if isFlipped(batch.a) == isFlipped(batch.b) { flipsAgree += 1 }
    }
    #expect(equal < 10)
    // Standard deviation 5.
    #expect((25...75).contains(flipsAgree))
  }

  @Test func aBatchDependsOnSeedAndStepAlone() throws {
    let first = try loader(a, b, batch: 4)
    let second = try loader(a, b, batch: 4)
    let seventh = try first.batch(step: 7)
    for step in 0..<7 { _ = try second.batch(step: step) }
    let again = try second.batch(step: 7)
    #expect(seventh.a.values == again.a.values)
    #expect(seventh.b.values == again.b.values)
    #expect(try loader(a, b, batch: 4, seed: 2).batch(step: 7).a.values != again.a.values)
    #expect(again.a.shape == [4, 1, 8, 8])
  }

  @Test func anEmptyDomainIsAnError() {
    #expect(throws: InputError.self) { try loader([], b) }
  }
}
