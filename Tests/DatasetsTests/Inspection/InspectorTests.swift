import Foundation
import Images
import Runs
import TestFolders
import Testing

@testable import Datasets

struct InspectorTests {
  let set: InspectedSet

  init() throws { set = try InspectedSet() }

  @Test func countsAndMeasures() throws {
    let mask = rectangle(PixelBox(x: 1, y: 1, width: 4, height: 2)).union(
      rectangle(PixelBox(x: 10, y: 9, width: 3, height: 4)))
    try set.write { writer in
      try writer.add(
        Image(width: 20, height: 16, filledWith: 51), "a.png", [.init("Hole", mask: mask)], split: .train, group: "g")
      try writer.add(picture(2, width: 30).colour(), "b.png", group: "g")
      try writer.add(picture(3), "c.png", [.init("Hole")], group: "h")
    }
    let record = try set.inspect()
    #expect(record.images == 3 && record.groups == 2)
    #expect(record.files.width?.least == 20 && record.files.width?.median == 20 && record.files.width?.most == 30)
    #expect(record.files.colours == [.init("grey", 2), .init("grey stored as colour", 1)])
    #expect(record.files.sizes == [.init("20 × 16", 2), .init("30 × 16", 1)])
    let hole = record.classes[1]
    #expect(hole.name == "Hole" && hole.images == 2 && hole.masks == 1 && hole.wholes == 1 && hole.defects == 2)
    #expect(hole.splits == ["train": 1, "none": 1])
    #expect(hole.defectArea?.median == 10 && hole.coverage?.most == 20.0 / 320)
    #expect(abs((hole.brightness?.least ?? 0) - 0.2) < 1e-6)
    #expect(record.finding("labels-without-mask")?.cases.map(\.images) == [["c.png"]])
    #expect(record.finding("flat-images")?.cases.map(\.images) == [["a.png"]])
  }

  /// All eight orientations of one picture, one of them under another label and two of them across the split.
  @Test func findsTurnedAndMirroredCopies() throws {
    let eight = try picture(1).orientations()
    #expect(eight.count == 8)
    try set.write { writer in
      for (index, image) in eight.enumerated() {
        try writer.add(
          image, "copy-\(index).png", index == 5 ? [.init("Hole")] : [], split: index == 6 ? .test : .train)
      }
      for key in 2..<8 { try writer.add(picture(key), "\(key).png", split: .train) }
    }
    let record = try set.inspect()
    let names = (0..<8).map { "copy-\($0).png" }
    #expect(record.finding("copies-across-splits")?.cases.map(\.images) == [names])
    #expect(record.finding("copies-labelled-differently")?.cases.map(\.images) == [names])
    #expect(record.finding("copies") == nil && record.finding("copies-in-two-groups") == nil)
    #expect(record.count(of: .error) == 2 && record.findings.prefix(2).allSatisfy { $0.severity == .error })
  }

  @Test func copiesAreToldByTheirGroups() throws {
    try set.write { writer in
      try writer.add(picture(1), "a.png", group: "one")
      try writer.add(picture(1).colour(), "b.bmp", group: "one")
      try writer.add(picture(2), "c.png", group: "two")
      try writer.add(try picture(2).flippedHorizontally(), "d.png", group: "three")
    }
    let record = try set.inspect()
    #expect(record.finding("copies")?.cases.map(\.images) == [["a.png", "b.bmp"]])
    #expect(record.finding("copies-in-two-groups")?.cases.map(\.images) == [["c.png", "d.png"]])
    // What is named .bmp was written as PNG.
    #expect(record.finding("misnamed-files")?.cases.map(\.images) == [["b.bmp"]])
  }

  @Test func seesLeaks() throws {
    try set.write { writer in
      try writer.add(picture(2), "c.png", split: .train, group: "c")
      try writer.add(picture(3), "d.png", split: .validation, group: "c")
      for (key, split, origin) in [(5, Split.train, "train"), (6, .train, "test"), (7, .test, "train")] {
        try writer.add(
          picture(key), as: "s\(key).png", labels: [.init("Hole")], split: split,
          provenance: .init(
            source: "s", group: "s\(key)",
            synthetic: .init(model: "m", seed: 1, step: 2, source: "c.png", sourceSplit: origin)))
      }
    }
    let record = try set.inspect()
    let groups = record.finding("groups-across-splits")
    #expect(groups?.cases == [.init(["c.png", "d.png"], "group c: train, validation")])
    #expect(record.finding("synthetic-leaks")?.cases.map(\.images) == [["s6.png"], ["s7.png"]])
    #expect(record.finding("classes-missing-in-split")?.cases.map(\.text).first == "Free: none in test")
    #expect(record.classes[1].synthetic == 3)
  }

  @Test func namesFilesThatChangedOrBroke() throws {
    try set.write { writer in for key in 0..<4 { try writer.add(picture(key), "\(key).png") } }
    let images = set.folder.appendingPathComponent("images")
    try picture(9).encoded(as: .png).write(to: images.appendingPathComponent("1.png"))
    try Data("x".utf8).write(to: images.appendingPathComponent("2.png"))
    try picture(3, width: 21).encoded(as: .png).write(to: images.appendingPathComponent("3.png"))
    let record = try set.inspect()
    #expect(record.finding("changed-files")?.cases.map(\.images) == [["1.png"]])
    #expect(record.finding("unreadable-files")?.cases.map(\.images) == [["2.png"], ["3.png"]])
    #expect(record.images == 4 && record.files.formats == [.init("png", 2)])
  }

  @Test func defectsHaveAPlaceAndClassesMeet() throws {
    let left = rectangle(PixelBox(x: 0, y: 0, width: 10, height: 8))
    let middle = rectangle(PixelBox(x: 8, y: 6, width: 4, height: 4))
    try set.write(categories: ["Hole", "Rust"]) { writer in
      try writer.add(picture(1), "a.png", [.init("Hole", mask: left), .init("Rust", mask: middle)])
      try writer.add(picture(2), "b.png", [.init("Hole", mask: left)])
      try writer.add(picture(3), "c.png", [.init("Rust", box: PixelBox(x: 10, y: 0, width: 10, height: 16))])
      try writer.add(picture(4), "d.png")
    }
    let record = try set.inspect()
    #expect(record.overlaps == [.init(classes: ["Hole", "Rust"], images: 1, pixels: 4, imagesSharingPixels: 1)])
    #expect(record.finding("shared-pixels")?.cases.map(\.images) == [["a.png"]])
    let hole = try #require(record.positions.first { $0.className == "Hole" })
    #expect(hole.images == 2)
    for row in 0..<16 {
      for column in 0..<16 { #expect(hole.shares[row * 16 + column] == (row < 8 && column < 8 ? 1 : 0)) }
    }
    // Of two images, one has the right half and one 4 × 4 pixels in the middle, 3.2 × 4 of the grid's cells.
    let rust = try #require(record.positions.first { $0.className == "Rust" })
    let covered = rust.shares.reduce(0, +)
    #expect(abs(covered - 70.4) < 1e-3)
    #expect(record.classes.map(\.holding) == [1, 2, 2] && record.classes.map(\.images) == [1, 2, 1])
  }

  @Test func theStrangestImageComesFirstWithItsReason() throws {
    try set.write { writer in
      for key in 0..<30 { try writer.add(noise(UInt64(key)), "\(key).png") }
      try writer.add(noise(99, mean: 230), "bright.png")
      var bytes = noise(98).bytes
      for y in 0..<40 { for x in 0..<12 { bytes[y * 40 + x] = 3 } }
      try writer.add(Image(width: 40, height: 40, bytes: bytes), "margin.png")
    }
    let record = try set.inspect()
    #expect(Set(record.outliers.prefix(2).map(\.image)) == ["bright.png", "margin.png"])
    let distances = record.outliers.map(\.distance)
    #expect(distances.count >= 2 && distances == distances.sorted(by: >) && distances.first != distances.last)
    let margin = try #require(record.outliers.first { $0.image == "margin.png" })
    #expect(margin.reasons.count == 3 && margin.reasons.allSatisfy { abs($0.deviations) >= 3 })
    #expect(record.finding("dark-margins")?.cases == [.init(["margin.png"], "30 % of the width or height")])
  }

  @Test func theImportIsRemembered() throws {
    try set.write { writer in try writer.add(picture(1), "a.png") }
    #expect(try set.inspect().finding("left-out-at-import") == nil)
    try set.temporary.write(
      #"{"version": 1, "summary": {"problems": [{"path": "b.png", "reason": "cut off"}], "notes": ["2 masks are faint"]}}"#,
      "set/import.json")
    let record = try set.inspect()
    #expect(record.finding("left-out-at-import")?.cases == [.init([], "b.png: cut off")])
    #expect(record.finding("notes-of-import")?.cases == [.init([], "2 masks are faint")])
    try set.temporary.write("{", "set/import.json")
    #expect(try set.inspect().finding("notes-of-import") == nil)
  }

  @Test func threadsChangeNothing() throws {
    try set.write(categories: ["Hole", "Rust"]) { writer in
      for key in 0..<40 {
        let box = PixelBox(x: key % 7, y: key % 5, width: 3 + key % 4, height: 5)
        let labels: [DatasetWriter.Label] =
          key % 3 == 0 ? [] : [.init(key % 2 == 0 ? "Hole" : "Rust", mask: rectangle(box))]
        try writer.add(picture(key), "\(key).png", labels, split: key % 4 == 0 ? .test : .train)
      }
    }
    let one = try set.inspect(threads: 1)
    #expect(try set.inspect(threads: 5) == one)
    let seen = Seen()
    _ = DatasetInspector(threads: 3).inspect(try OpenedDataset(at: set.folder)) { seen.add($0) }
    #expect(seen.counts == Array(1...40))
  }
}

/// What a progress closure was told, from whatever thread.
private final class Seen: @unchecked Sendable {
  private let lock = NSLock()
  private var list: [Int] = []
  var counts: [Int] { lock.withLock { list } }
  func add(_ count: Int) { lock.withLock { list.append(count) } }
}
