import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct SplitGroupsTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Twelve surfaces "part0_a.png", "part0_b.png", …; the last two the same file.
  private func make() throws -> Dataset {
    let writer = try DatasetWriter(to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole"])
    for key in 0..<12 {
      let image = key == 3 ? try surface(0).turned(by: .quarter) : surface(min(key, 10))
      try writer.add(
        image, as: "part\(key / 2)_\(key % 2 == 0 ? "a" : "b").png", labels: [],
        provenance: .init(source: "raw/\(key).png", group: "g\(key)"))
    }
    return try writer.finish()
  }

  @Test func theSameFileHangsTogether() throws {
    let groups = SplitGroups(of: try make())
    #expect(groups.names == (0..<11).map { "g\($0)" } + ["g10"] && groups.ways.isEmpty)
  }

  @Test(arguments: ["set", "raw"])
  func aTableJoins(_ names: String) throws {
    let set = try make()
    let lines = set.images.enumerated().map { index, image in
      "\(names == "set" ? image.fileName : image.provenance.source),\"tile, \(index / 3)\""
    }
    try temporary.write(
      "\u{feff}file,group\r\n" + lines.joined(separator: "\r\n") + "\r\nother.png,x\r\n", "groups.csv")
    var groups = SplitGroups(of: set)
    try groups.join(table: temporary["groups.csv"])
    #expect(groups.names == (0..<12).map { "g\($0 / 3 * 3)" })
    #expect(groups.ways == ["groups of groups.csv"])
  }

  @Test(arguments: [
    ("part0_a.png", "line 1"), ("part0_a.png,x,y", "line 1"), ("part0_a.png,\"x", "line 1"),
    ("part0_a.png,\"x\"y", "line 1"),
    ("part0_a.png,x\npart0_a.png,y", "line 2"), ("part0_a.png,x", "none for 11"), ("", "none for 12"),
  ])
  func damagedTablesAreRefused(_ text: String, _ reason: String) throws {
    var groups = SplitGroups(of: try make())
    try temporary.write(text, "groups.csv")
    #expect { try groups.join(table: temporary["groups.csv"]) } throws: { "\($0)".contains(reason) }
    try temporary.write(Data([0xff, 0xfe, 0x00]), "groups.csv")
    #expect(throws: InputError.self) { try groups.join(table: temporary["groups.csv"]) }
    #expect(throws: InputError.self) { try groups.join(table: temporary["nowhere.csv"]) }
  }

  @Test func aPatternJoins() throws {
    var groups = SplitGroups(of: try make())
    try groups.join(pattern: "^(part[0-9]+)_")
    #expect(groups.names == (0..<12).map { "g\($0 / 2 * 2)" })
    for pattern in ["(", "part", "(a)(b)"] { #expect(throws: InputError.self) { try groups.join(pattern: pattern) } }
    #expect { try groups.join(pattern: "(part0)") } throws: { "\($0)".contains("none in 10 of 12") }
  }

  @Test func nearDuplicatesJoin() throws {
    let set = try make()
    var groups = SplitGroups(of: set)
    #expect(try groups.join(duplicates: .copy) == 2)
    #expect(groups.names[3] == "g0" && Set(groups.names).count == 10)
    let (split, _) = try SplitRun(Splitter(), groups: groups).run(set)
    // The groups are kept with the split, and what reads the data set sees them.
    #expect(split.images[3].group == "g0" && split.images[3].provenance.group == "g3")
    #expect(split.images[3].split == split.images[0].split)
    // They are those of the last split alone.
    #expect(SplitGroups(of: split).names[3] == "g3")
  }
}
