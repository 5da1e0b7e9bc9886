import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct SubsetTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Forty images, every second one with a hole, three of one kind in a group; the last eight are for the test.
  private func make() throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary["set"], description: "Parts", cleanName: "Free", categories: ["Hole", "Scratch"])
    for key in 0..<40 {
      let labels: [DatasetWriter.Label] =
        switch key % 4 {
        case 0: [.init("Hole", mask: Mask(width: 20, height: 16, bits: [1, 1] + [UInt8](repeating: 0, count: 318)))]
        case 2: [.init("Scratch", box: PixelBox(x: 1, y: 2, width: 3, height: 4))]
        default: []
        }
      try writer.add(
        picture(key), as: "\(key).png", labels: labels, split: key < 32 ? .train : .test,
        provenance: .init(source: "raw/\(key).png", group: "\(key % 4) \(key / 12)"))
    }
    return try writer.finish()
  }

  private func names(_ set: Dataset, _ name: String, _ split: Split = .train) -> Set<String> {
    Set(set.images(inClass: name, split: split).map(\.fileName))
  }

  @Test func keepsSoManyTrainingImagesAndAllOthers() throws {
    let set = try make()
    let small = try Subset(["Hole": 3, "Free": 5], seed: 1).write(set, to: temporary["small"])
    #expect(names(small, "Hole").count == 3 && names(small, "Free").count == 5)
    #expect(names(small, "Scratch") == names(set, "Scratch"))
    for name in set.classNames { #expect(names(small, name, .test) == names(set, name, .test)) }
    let whole = set.imagesByName()
    for image in small.images {
      let other = try #require(whole[image.fileName])
      #expect(image.annotations.map(\.box) == other.annotations.map(\.box))
      #expect(image.annotations.map(\.segmentation) == other.annotations.map(\.segmentation))
      #expect(image.provenance == other.provenance && image.group == other.group)
      #expect(try small.pixels(of: image) == set.pixels(of: other))
    }
  }

  @Test(arguments: [0, 1, 7]) func whatFewKeepMoreKeepToo(seed: UInt64) throws {
    let set = try make()
    func kept(_ count: Int) throws -> Set<String> {
      Set(try Subset(["Hole": count], seed: seed).images(of: set).map(\.fileName)).intersection(names(set, "Hole"))
    }
    for count in 0..<8 {
      let (few, more) = try (kept(count), kept(count + 1))
      #expect(few.count == count && few.isSubset(of: more) && more.count == count + 1)
    }
    #expect(try Subset(["Hole": 8], seed: seed).images(of: set) == set.images)
  }

  @Test func takesWholeGroupsAndFollowsTheSeed() throws {
    let set = try make()
    var choices: Set<Set<String>> = []
    for seed in 0..<20 as Range<UInt64> {
      let subset = Subset(["Hole": 3], seed: seed)
      let kept = try subset.images(of: set).filter { set.className(of: $0) == "Hole" && $0.split == .train }
      // Groups hold three holes, and one of them two.
      #expect(Set(kept.map(\.group)).count <= 2)
      choices.insert(Set(kept.map(\.fileName)))
      #expect(try subset.images(of: set) == subset.images(of: set))
    }
    #expect(choices.count > 1)
  }

  @Test func saysWhatCannotBeKept() throws {
    let set = try make()
    #expect { try Subset(["Hole": 9], seed: 0).images(of: set) } throws: { "\($0)".contains("0 to 8 training images") }
    #expect { try Subset(["Dent": 1], seed: 0).images(of: set) } throws: { "\($0)".contains("'Dent'") }
    #expect { try Subset(["Hole": -1], seed: 0).images(of: set) } throws: { "\($0)".contains("-1") }
  }
}
