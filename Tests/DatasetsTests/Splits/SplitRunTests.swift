import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct SplitRunTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Forty images of two classes, two in a group; `rename` and `keys` make others of them.
  private func make(
    _ folder: String = "set", keys: Range<Int> = 0..<40, replacing: Bool = false,
    rename: (Int) -> String = { "\($0).png" }
  ) throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary[folder], description: "", cleanName: "Free", categories: ["Hole"], replacing: replacing)
    for key in keys {
      try writer.add(
        picture(key), as: rename(key), labels: key % 4 == 0 ? [.init("Hole")] : [],
        provenance: .init(source: "raw/\(key).png", group: "g\(key / 2)"))
    }
    return try writer.finish()
  }

  private func split(
    _ set: Dataset, seed: UInt64 = 3, test: Double = 0.2, _ images: SplitRun.TestImages = .refuseChange,
    frozen: FrozenSplit? = nil, groups: SplitGroups? = nil
  ) throws -> (dataset: Dataset, report: SplitReport) {
    let splitter = try Splitter(train: 0.8 - test, validation: 0.2, test: test, seed: seed)
    return try SplitRun(splitter, groups: groups ?? SplitGroups(of: set), testImages: images, frozen: frozen).run(set)
  }

  /// The contents of a split.
  private func contents(_ set: Dataset, _ split: Split) -> Set<String> {
    Set(set.images(split: split).map(\.provenance.sha256))
  }

  @Test func writesTheFileAndFreezesIt() throws {
    let set = try make()
    #expect(!set.isSplit)
    let (first, report) = try split(set)
    #expect(first.images.allSatisfy { $0.split != nil } && report.test == .new && report.groups == 20)
    #expect(first.images(inClass: "Hole", split: .test).count == 2)
    #expect(report.classes["Hole"] == ["train": 6, "validation": 2, "test": 2])
    let bytes = try Data(contentsOf: temporary["set/splits.json"])
    let (_, again) = try split(first)
    #expect(try Data(contentsOf: temporary["set/splits.json"]) == bytes && again.test == .kept)
    let json = String(decoding: bytes, as: UTF8.self)
    #expect(json.contains(#""seed" : 3"#) && json.contains(#""test" : 0.2"#))
  }

  @Test func refusesAChangeThatWasNotAskedForByName() throws {
    let (set, _) = try split(try make())
    let bytes = try Data(contentsOf: temporary["set/splits.json"])
    #expect { try split(set, seed: 4) } throws: {
      "\($0)".contains("8 test images that are frozen") && "\($0)".contains("seed 4 in place of 3")
        && "\($0)".contains("--keep-test") && "\($0)".contains("--replace-test")
    }
    #expect { try split(set, test: 0.3) } throws: { "\($0)".contains("other shares") }
    #expect(try Data(contentsOf: temporary["set/splits.json"]) == bytes)
    let (replaced, report) = try split(set, seed: 4, .replace)
    #expect(report.test == .replaced && contents(replaced, .test) != contents(set, .test))
    // That one is frozen now.
    #expect(throws: InputError.self) { try split(replaced, seed: 3) }
  }

  @Test func keepsTheTestImagesAndDividesTheOthers() throws {
    let (set, _) = try split(try make())
    let (kept, report) = try split(set, seed: 9, .keep)
    #expect(contents(kept, .test) == contents(set, .test) && report.test == .kept && report.leftOut.isEmpty)
    #expect(contents(kept, .train) != contents(set, .train))
    #expect(kept.images(split: .train).count == 24 && kept.images(split: .validation).count == 8)
  }

  @Test func survivesRenamingAndImportingAnew() throws {
    let (set, _) = try split(try make())
    // In its place, under other names and in another order.
    let anew = try make(replacing: true) { "new/\(97 - $0).png" }
    #expect(!anew.isSplit)
    #expect(throws: InputError.self) { try split(anew, seed: 4) }
    let (again, report) = try split(anew)
    for side in Split.allCases { #expect(contents(again, side) == contents(set, side)) }
    #expect(report.test == .kept)
    // In another place, where it is asked for.
    let elsewhere = try make("other") { "x\($0).png" }
    let frozen = try FrozenSplit(at: temporary["set"])
    let (other, _) = try split(elsewhere, frozen: frozen)
    for side in Split.allCases { #expect(contents(other, side) == contents(set, side)) }
  }

  @Test func newAndLostImagesAreAChange() throws {
    let (set, _) = try split(try make())
    // Of group 19, which stands in one split, key 39 is lost; 40 ... 49 are new.
    let more = try make(keys: 0..<50, replacing: true)
    #expect { try split(more) } throws: { "\($0)".contains("10 new images") }
    let (grown, _) = try split(more, .keep)
    #expect(contents(grown, .test) == contents(set, .test) && grown.images.allSatisfy { $0.split != nil })
    let fewer = try make(keys: 0..<30, replacing: true)
    #expect { try split(fewer) } throws: { "\($0)".contains("images that are gone") }
  }

  /// A new image of a test image's group may stand on no side.
  @Test func newImagesOfAFrozenGroupAreLeftOut() throws {
    let (set, _) = try split(try make())
    let first = try #require(set.images(split: .test).first)
    let writer = try DatasetWriter(
      to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole"], replacing: true)
    for key in 0..<40 {
      try writer.add(
        picture(key), as: "\(key).png", labels: key % 4 == 0 ? [.init("Hole")] : [],
        provenance: .init(source: "\(key)", group: "g\(key / 2)"))
    }
    try writer.add(picture(77), as: "late.png", labels: [], provenance: .init(source: "late", group: first.group))
    let (result, report) = try split(try writer.finish(), .keep)
    #expect(report.leftOut == ["late.png"] && contents(result, .test) == contents(set, .test))
    #expect(report.classes["Free"]?["none"] == 1)
  }

  @Test func aSplitThatCameWithTheImagesIsKept() throws {
    let writer = try DatasetWriter(to: temporary["ab"], description: "", cleanName: "A", categories: ["B"])
    for key in 0..<20 {
      try writer.add(
        picture(key), as: "\(key).png", labels: key % 2 == 0 ? [.init("B")] : [], split: key < 15 ? .train : .test,
        provenance: .init(source: "\(key)", group: "g\(key)"))
    }
    let set = try writer.finish()
    #expect { try split(set) } throws: { "\($0)".contains("came with the images") }
    let (kept, _) = try split(set, .keep)
    #expect(contents(kept, .test) == contents(set, .test) && !kept.images(split: .validation).isEmpty)
  }

  @Test func reportsClassesTooRareForAllSplits() throws {
    let writer = try DatasetWriter(to: temporary["rare"], description: "", cleanName: "Free", categories: ["Fray"])
    for key in 0..<30 {
      try writer.add(
        picture(key), as: "\(key).png", labels: key == 7 ? [.init("Fray")] : [],
        provenance: .init(source: "\(key)", group: "g\(key)"))
    }
    let (_, report) = try split(try writer.finish())
    #expect(
      report.rare == [.init(name: "Fray", images: 1, groups: 1, missing: [.validation, .test])])
  }

  @Test func damagedGroupsAreRefused() throws {
    _ = try split(try make())
    let url = temporary["set/splits.json"]
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    try temporary.write(
      text.replacing("\"splits\" : {", with: "\"groups\" : {\"nowhere\" : \"g\"}, \"splits\" : {"), "set/splits.json")
    #expect { try Dataset(at: temporary["set"]) } throws: { "\($0)".contains("splits.json: groups") }
  }
}
