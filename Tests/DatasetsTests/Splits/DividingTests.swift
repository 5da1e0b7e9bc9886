import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// The same images in other splits, and copies of some.
struct DividingTests {
  private let temporary: TemporaryFolder
  private let set: Dataset

  init() throws {
    temporary = try TemporaryFolder()
    let writer = try DatasetWriter(
      to: temporary["set"], description: "d", cleanName: "clean", categories: ["pit"])
    for index in 0..<40 {
      try writer.add(
        Image(width: 2, height: 2, channels: 1, bytes: [UInt8](repeating: UInt8(index), count: 4)), as: "\(index).png",
        labels: index % 4 == 0 ? [.init("pit")] : [],
        provenance: Provenance(source: "\(index)", group: "g\(index / 2)"))
    }
    set = try Splitter(seed: 1).split(writer.finish())
  }

  @Test func groupsStayWholeAndTheFilesKeepTheirSplit() throws {
    let other = try set.divided(by: Splitter(train: 0.5, validation: 0.25, test: 0.25, seed: 5))
    #expect(other.images.map(\.fileName) == set.images.map(\.fileName))
    #expect(other.images(split: .train).count == 20 && other.images(inClass: "pit", split: .train).count == 5)
    #expect(other.images.map(\.split) != set.images.map(\.split))
    for (_, images) in Dictionary(grouping: other.images, by: \.group) {
      #expect(images.count == 2 && Set(images.map(\.split)).count == 1)
    }
    #expect(try Dataset(at: set.folder).images == set.images)
    #expect(try set.divided(by: Splitter(seed: 1)).images.map(\.split) == set.images.map(\.split))
  }

  @Test func aCopyHasAllThatIsKnown() throws {
    let other = try set.divided(by: Splitter(train: 0.5, validation: 0.25, test: 0.25, seed: 5))
    let kept = other.images.filter { $0.fileName != "8.png" }
    let copy = try other.copy(kept, to: temporary["copy"], description: "fewer")
    #expect(copy.description == "fewer" && copy.images.count == 39)
    for (one, image) in zip(copy.images, kept) {
      #expect(one.fileName == image.fileName && one.split == image.split && one.group == image.group)
      #expect(one.isClean == image.isClean && one.provenance.sha256 == image.provenance.sha256)
    }
  }
}
