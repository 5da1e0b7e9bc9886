import Datasets
import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing

struct LabelledLoaderTests {
  private let images: TemporaryFolder
  /// 12 of class 0 and 3 of class 1; brightness tells which.
  private let samples: [LabelledLoader.Sample]
  private let transform = ImageTransform(size: 8, loadSize: 8, channels: 1, flips: false)

  init() throws {
    let images = try TemporaryFolder()
    self.images = images
    samples = try (0..<15).map { index in
      let url = try images.add("\(index).png", width: 8, height: 8) { x, y in index * 10 + x }
      return .init(url: url, label: index < 12 ? 0 : 1)
    }
  }

  @Test func naturalSamplingTakesEachOnceAnEpochAcrossBatches() throws {
    let loader = try LabelledLoader(samples: samples, transform: transform, batchSize: 4, seed: 1)
    let drawn = (0..<15).flatMap { loader.indices(step: $0) }  // four epochs in batches that cross their ends
    for epoch in 0..<4 { #expect(Set(drawn[epoch * 15..<epoch * 15 + 15]) == Set(0..<15)) }
    #expect(Array(drawn[0..<15]) != Array(drawn[15..<30]))
  }

  @Test func balancedSamplingTakesClassesEquallyOften() throws {
    let loader = try LabelledLoader(
      samples: samples, transform: transform, sampling: .balanced, batchSize: 8, seed: 1)
    let drawn = (0..<6).flatMap { loader.indices(step: $0) }
    #expect(drawn.count { $0 < 12 } == 24)
    let counts = Dictionary(grouping: drawn) { $0 }.mapValues(\.count)
    #expect((0..<12).allSatisfy { counts[$0] == 2 })
    #expect((12..<15).allSatisfy { counts[$0] == 8 })
  }

  @Test func pixelsBelongToTheirLabels() throws {
    let loader = try LabelledLoader(samples: samples, transform: transform, batchSize: 15, seed: 2)
    let indices = loader.indices(step: 3)
    let batch = try loader.batch(step: 3)
    #expect(batch.labels == indices.map { samples[$0].label })
    for (place, index) in indices.enumerated() {
      #expect(batch.pixels.values[place * 64] == Float(index * 10) / 127.5 - 1)
    }
    let whole = try loader.evaluationBatch(0..<15)
    #expect(whole.labels == samples.map(\.label))
    #expect(whole.pixels.values[14 * 64] == 140 / 127.5 - 1)
  }

  @Test func augmentationChangesPixelsAndIsRepeatable() throws {
    let plain = try LabelledLoader(samples: samples, transform: transform, batchSize: 15, seed: 2)
    let first = try LabelledLoader(
      samples: samples, transform: transform, augmentation: .classical, batchSize: 15, seed: 2)
    let second = try LabelledLoader(
      samples: samples, transform: transform, augmentation: .classical, batchSize: 15, seed: 2)
    #expect(try first.batch(step: 5).pixels.values == second.batch(step: 5).pixels.values)
    #expect(try first.batch(step: 5).pixels.values != plain.batch(step: 5).pixels.values)
    #expect(first.indices(step: 5) == plain.indices(step: 5))
  }

  @Test func augmentationTurnsMirrorsAndShiftsBrightness() throws {
    // A bright corner wanders to all four corners, and brightness moves by at most a tenth of the range.
    let image = Image(width: 8, height: 8, bytes: (0..<64).map { $0 == 0 ? 200 : 120 })
    var corners = Set<Int>()
    var grounds = Set<UInt8>()
    for seed in 0..<200 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let result = try Augmentation.classical.applied(to: image, &generator)
      #expect(result.width == 8 && result.height == 8)
      if let brightest = result.bytes.indices.max(by: { result.bytes[$0] < result.bytes[$1] }) {
        corners.insert(brightest)
      }
      grounds.insert(result.bytes[9])
    }
    #expect(corners == [0, 7, 56, 63])
    #expect((grounds.min() ?? 0) >= 92 && (grounds.max() ?? 0) <= 148)
    #expect(grounds.count > 30)
  }
}
