import Datasets
import Files
import Foundation
import Images
import TestFolders
import Testing
import Torch

@testable import Training

struct SetComparisonTests {
  private static func noise(_ count: Int, seed: UInt64) throws -> Tensor {
    try .normal([count, 8], type: .float64, generator: Generator(seed: seed))
  }

  @Test func likeSetsAreAlike() throws {
    let found = try SetComparison(real: Self.noise(300, seed: 1), synthetic: Self.noise(200, seed: 2))
    #expect(found.realImages == 300 && found.syntheticImages == 200)
    #expect(found.kernel.low <= 0 && found.kernel.high >= 0)
    #expect(found.frechet < 0.5 && found.manifold.precision > 0.7 && found.manifold.coverage > 0.7)
    #expect(found.nearest.copies < 0.05)
  }

  /// A generator that replays its training images with a little noise.
  @Test func copiesAreFound() throws {
    let real = try Self.noise(100, seed: 1)
    let replayed = try real.sliced(0, 0..<40) + Self.noise(40, seed: 2) * 0.01
    let found = try SetComparison(real: real, synthetic: .concatenated([replayed, Self.noise(40, seed: 3)]))
    #expect((0.5...0.6).contains(found.nearest.copies))
    #expect(Array(found.nearest.indices.prefix(40)) == Array(0..<40))
    #expect(found.nearest.distances.prefix(40).allSatisfy { $0 < 0.1 })
    // One copied image is near; the five nearest are not.
    #expect(found.nearest.meanDistances.count == 80 && found.nearest.meanDistances.allSatisfy { $0 > 0.5 })
  }

  @Test func aMovedSetIsNot() throws {
    let found = try SetComparison(real: Self.noise(100, seed: 1), synthetic: Self.noise(100, seed: 2) + 5)
    #expect(found.kernel.low > 0 && found.frechet > 100 && found.manifold.precision == 0)
    #expect(found.nearest.synthetic > found.nearest.real)
  }

  @Test func choosesImagesOfAClassAndSplit() throws {
    let folder = try TemporaryFolder()
    let writer = try DatasetWriter(to: folder["set"], description: "", cleanName: "Free", categories: ["Crack"])
    for index in 0..<20 {
      let image = Image(
        width: 8 + index % 2, height: 8, channels: 1, bytes: Array(repeating: 9, count: 8 * (8 + index % 2)))
      try writer.add(
        image, as: "\(index).png", labels: index < 14 ? [.init("Crack")] : [], split: index < 7 ? .train : .test,
        provenance: Provenance(source: "\(index)", group: "\(index)"))
    }
    let set = try writer.finish()
    #expect(try ComparedImages(at: set.folder).files.count == 14)
    #expect(try ComparedImages(at: set.folder, className: "Free").names.sorted() == (14..<20).map { "\($0).png" })
    let train = try ComparedImages(at: set.folder, className: "Crack", split: .train)
    #expect(try train.files.count == 7 && train.mostFrequentSize() == (8, 8, 4))
    #expect(throws: InputError.self) { try ComparedImages(at: set.folder, className: "Dent") }
    // A folder that is no data set has all its images, and nothing to choose by.
    let images = set.folder.appendingPathComponent("images")
    try Data("no image".utf8).write(to: images.appendingPathComponent("notes.txt"))
    #expect(try ComparedImages(at: images).files.count == 20)
    #expect(throws: InputError.self) { try ComparedImages(at: images, className: "Crack") }
    #expect { try ComparedImages(at: folder.url) } throws: { "\($0)".contains("at least 6 images") }
  }
}
