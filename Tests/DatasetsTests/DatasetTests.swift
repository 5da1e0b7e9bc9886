import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct DatasetTests {
  let temporary: TemporaryFolder
  let box = PixelBox(x: 3, y: 2, width: 5, height: 4)

  init() throws { temporary = try TemporaryFolder() }

  /// Two clean images, one with a mask, one with a label of the whole image, one with two kinds of defects.
  @discardableResult
  private func make(_ name: String = "set") throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary[name], description: "A test", cleanName: "Free", categories: ["Hole", "Crack"])
    func origin(_ key: Int) -> Provenance { Provenance(source: "raw/\(key).png", group: "tile\(key / 2)") }
    try writer.add(picture(4), as: "b/clean.png", labels: [], split: .test, provenance: origin(4))
    try writer.add(
      picture(1), as: "a/hole.png", labels: [.init("Hole", mask: rectangle(box))], split: .train, provenance: origin(1))
    try writer.add(picture(2), as: "a/whole.png", labels: [.init("Crack")], provenance: origin(2))
    var window = origin(3)
    window.sourceImage = "big.png"
    window.box = PixelBox(x: 7, y: 8, width: 20, height: 16)
    window.synthetic = .init(model: "m", seed: .max, step: 12, source: "b/clean.png", sourceSplit: "train")
    let both: [DatasetWriter.Label] = [
      .init("Hole", mask: rectangle(box)),
      .init("Crack", mask: rectangle(PixelBox(x: 0, y: 0, width: 10, height: 10))),
    ]
    try writer.add(picture(3), as: "a/both.png", format: .bmp, labels: both, split: .validation, provenance: window)
    try writer.add(
      file: try picture(5).encoded(as: .jpeg), width: 20, height: 16, as: "c.jpg", labels: [], provenance: origin(5))
    return try writer.finish()
  }

  @Test func returnsWhatWasWritten() throws {
    let set = try make()
    #expect(set.images.map(\.fileName) == ["a/both.png", "a/hole.png", "a/whole.png", "b/clean.png", "c.jpg"])
    #expect(set.images.map(\.id) == [1, 2, 3, 4, 5])
    #expect(set.images.map { set.className(of: $0) } == ["Crack", "Hole", "Crack", "Free", "Free"])
    #expect(set.images.map(\.split) == [.validation, .train, nil, .test, nil])
    #expect(set.classNames == ["Free", "Hole", "Crack"])
    #expect(set.images(inClass: "Free").map(\.fileName) == ["b/clean.png", "c.jpg"])
    #expect(set.images(inClass: "Free", split: .test).count == 1)
    #expect(set.images(split: .train).map(\.fileName) == ["a/hole.png"])
    #expect(set.images[1].annotations.first?.box == Annotation.Box(box))
    #expect(set.images[1].annotations.first?.area == 20)
    #expect(set.mask(of: set.images[1]) == rectangle(box))
    #expect(set.mask(of: set.images[2]) == nil)
    #expect(set.images[2].annotations.first?.box == .init(x: 0, y: 0, width: 20, height: 16))
    #expect(set.mask(of: set.images[3])?.isEmpty == true)
    #expect(set.mask(of: set.images[0])?.area == 100)
    #expect(try set.pixels(of: set.images[1]) == picture(1))
    let provenance = set.images[0].provenance
    #expect(provenance.synthetic?.seed == .max && provenance.box?.x == 7 && provenance.group == "tile1")
    #expect(provenance.sha256 == (try ContentHash.sha256(contentsOf: set.url(of: set.images[0]))))
    #expect(try temporary.names() == ["set"])
  }

  @Test func theSameSetIsTheSameBytes() throws {
    let first = try make("one")
    let second = try make("two")
    for file in ["annotations.json", "splits.json", "provenance.json"] {
      #expect(
        try Data(contentsOf: first.folder.appendingPathComponent(file))
          == Data(contentsOf: second.folder.appendingPathComponent(file)))
    }
  }

  @Test func nothingRemainsOfASetNotFinished() throws {
    do {
      let writer = try DatasetWriter(to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole"])
      try writer.add(picture(1), as: "a.png", labels: [], provenance: .init(source: "a", group: "a"))
    }
    #expect(try temporary.names().isEmpty)
    try make()
    #expect(throws: InputError.self) { try make() }
  }

  @Test func theWriterRefusesWhatCannotBeRead() throws {
    let writer = try DatasetWriter(to: temporary["set"], description: "", cleanName: "Free", categories: ["Hole"])
    let origin = Provenance(source: "a", group: "a")
    try writer.add(picture(1), as: "a.png", labels: [], provenance: origin)
    for name in ["a.png", "../a.png", "/a.png", "x/../../a.png", "x//a.png", "./a.png", "a\n.png", ""] {
      #expect(throws: InputError.self, "\(name)") {
        try writer.add(picture(1), as: name, labels: [], provenance: origin)
      }
    }
    for label: DatasetWriter.Label in [
      .init("Crack"), .init("Free"), .init("Hole", mask: Mask(width: 20, height: 16)),
      .init("Hole", mask: Mask(width: 3, height: 3, bits: [1, 0, 0, 0, 0, 0, 0, 0, 0])),
      .init("Hole", box: PixelBox(x: 10, y: 0, width: 11, height: 2)),
    ] {
      #expect(throws: InputError.self) { try writer.add(picture(1), as: "b.png", labels: [label], provenance: origin) }
    }
    #expect(throws: InputError.self) {
      try DatasetWriter(to: temporary["x"], description: "", cleanName: "Free", categories: ["Free"])
    }
    #expect(writer.count == 1)
  }

  /// One change to a good set's tables, and the place that the error must name.
  struct Damage: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    let place: String
    init(_ file: String, _ old: String, _ new: String, at place: String) {
      (self.file, self.old, self.new, self.place) = (file, old, new, place)
    }
    var testDescription: String { "\(old) → \(new)" }
  }

  @Test(arguments: [
    Damage("annotations", #""id" : 2,"#, #""id" : 1,"#, at: "id"),
    Damage("annotations", "a/hole.png", "../../hole.png", at: "images[1].file_name"),
    Damage("annotations", "a/hole.png", "/etc/passwd", at: "images[1].file_name"),
    Damage("annotations", "a/hole.png", "a/both.png", at: "images[1].file_name"),
    Damage("annotations", "a/hole.png", "a/none.png", at: "images[1].file_name"),
    Damage("annotations", "a/hole.png", "a", at: "images[1].file_name"),
    Damage("annotations", #""width" : 20"#, #""width" : 0"#, at: "images[0].width"),
    Damage("annotations", #""width" : 20"#, #""width" : 9223372036854775807"#, at: "images[0].width"),
    Damage("annotations", #""width" : 20"#, #""width" : 21"#, at: "segmentation.size"),
    Damage("annotations", #""category_id" : 1"#, #""category_id" : 7"#, at: "category_id"),
    Damage("annotations", #""image_id" : 1"#, #""image_id" : 70"#, at: "image_id"),
    Damage("annotations", #""area" : 20"#, #""area" : 1e300"#, at: "area"),
    Damage("annotations", #""area" : 20"#, #""area" : -1"#, at: "area"),
    Damage("annotations", #""bbox" : ["#, #""bbox" : [ 0,"#, at: "bbox"),
    Damage("annotations", #""bbox" : ["#, #""bbox" : [ 1e308, 1e308, 1e308, 1e308 ], "x" : ["#, at: "bbox"),
    Damage("annotations", #""bbox" : ["#, #""bbox" : [ 10, 0, 11, 3 ], "x" : ["#, at: "bbox"),
    Damage("annotations", #""name" : "Hole""#, #""name" : "Free""#, at: "categories[0].name"),
    Damage("annotations", #""name" : "Hole""#, #""name" : "Crack""#, at: "categories[1].name"),
    Damage("annotations", #""clean_name" : "Free""#, #""clean_name" : " ""#, at: "info.clean_name"),
    Damage("annotations", #""clean_name""#, #""other""#, at: "annotations.json"),
    Damage("annotations", "{", "[", at: "annotations.json"),
    Damage("splits", #""b/clean.png""#, #""b/none.png""#, at: "splits"),
    Damage("splits", #""b/clean.png""#, #""a/hole.png""#, at: "splits."),
    Damage("splits", #""version" : 1"#, #""version" : 2"#, at: "version"),
    Damage("provenance", #""c.jpg""#, #""d.jpg""#, at: "images"),
    Damage("provenance", #""sha256" : ""#, #""sha256" : "g"#, at: "sha256"),
    Damage("provenance", #""group" : "tile2""#, #""group" : """#, at: "group"),
  ])
  func namesWhatIsWrong(_ damage: Damage) throws {
    let set = try make()
    let file = set.folder.appendingPathComponent(damage.file + ".json")
    let text = try String(contentsOf: file, encoding: .utf8)
    let range = try #require(text.range(of: damage.old))
    try text.replacingCharacters(in: range, with: damage.new).write(to: file, atomically: true, encoding: .utf8)
    do {
      _ = try Dataset(at: set.folder)
      Issue.record("was read")
    } catch let error as InputError {
      #expect(error.place.contains(damage.place), "\(error)")
      #expect(error.place.contains(damage.file + ".json"), "\(error)")
    }
  }

  @Test func linksMayNotLeaveTheFolder() throws {
    let set = try make()
    try temporary.write(picture(9), "outside.png")
    let file = set.url(of: set.images[1])
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createSymbolicLink(at: file, withDestinationURL: temporary["outside.png"])
    #expect { try Dataset(at: set.folder) } throws: { "\($0)".contains("a link to") }
  }

  @Test func pixelsOfAnotherSizeAreRefused() throws {
    let set = try make()
    try picture(1, width: 21).encoded(as: .png).write(to: set.url(of: set.images[1]))
    #expect(throws: InputError.self) { try set.pixels(of: set.images[1]) }
    #expect(throws: InputError.self) { try Dataset(at: temporary["none"]) }
  }

  @Test func readsBoxesThatAreNotWhole() throws {
    let set = try make()
    let file = set.folder.appendingPathComponent("annotations.json")
    var text = try String(contentsOf: file, encoding: .utf8)
    let range = try #require(text.range(of: #""bbox" : ["#))
    text.replaceSubrange(range, with: #""bbox" : [ 0.5, 0.25, 3.5, 2.125 ], "x" : ["#)
    try text.write(to: file, atomically: true, encoding: .utf8)
    #expect(
      try Dataset(at: set.folder).images[0].annotations[0].box == .init(x: 0.5, y: 0.25, width: 3.5, height: 2.125))
  }
}
