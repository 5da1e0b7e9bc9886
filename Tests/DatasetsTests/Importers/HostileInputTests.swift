import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// Sources that mean harm, or were made by broken tools.
struct HostileInputTests {
  @Test(arguments: [#"[["#, #"{"a":"#, #"{"images":["#, #"{"shapes":[["#])
  func deepJSONIsAnError(_ opening: String) throws {
    let text = Data(String(repeating: opening, count: 10_000).utf8)
    #expect { try COCOFile.parse(text, at: "x.json") } throws: { "\($0)".contains("x.json: expected JSON of at most 64 levels") }
    #expect { try LabelMeFile.parse(text, at: "x.json") } throws: { "\($0)".contains("deeper nesting") }
    let temporary = try TemporaryFolder()
    try temporary.write(text, "annotations.json")
    #expect(throws: InputError.self) { try Dataset(at: temporary.url) }
  }

  @Test func linksOutOfTheFolderAreNotFollowed() throws {
    let scene = try ImportScene()
    try scene.write(picture(1), "a/1.png")
    try scene.write(picture(3), "b/3.png")
    try scene.temporary.write(picture(2), "outside.png")
    let files = FileManager.default
    try files.createSymbolicLink(at: scene.temporary["src/a/out.png"], withDestinationURL: scene.temporary["outside.png"])
    try files.createSymbolicLink(at: scene.temporary["src/a/in.png"], withDestinationURL: scene.temporary["src/b/3.png"])
    let summary = try scene.run(FoldersImporter())
    #expect(summary.images == 3)
    #expect(summary.problems.map(\.path) == ["a/out.png"])
    #expect(summary.problems[0].reason.contains("a link to"))
    #expect(!files.fileExists(atPath: scene.temporary["set/images/a/out.png"].path))
  }

  @Test func labelFilesMayBeNoLinksOutEither() throws {
    let scene = try ImportScene()
    try scene.write(picture(1), "1.png")
    try scene.write(picture(2), "2.png")
    try scene.write("0 0.5 0.5 0.2 0.2", "2.txt")
    try scene.temporary.write("0 0.5 0.5 0.2 0.2", "secret.txt")
    try FileManager.default.createSymbolicLink(
      at: scene.temporary["src/1.txt"], withDestinationURL: scene.temporary["secret.txt"])
    let summary = try scene.run(YOLOImporter(classes: ["x"]))
    #expect(summary.images == 1 && summary.problems.map(\.path) == ["1.txt"])
  }

  @Test func imagesThatAnnounceTooMuchAreNotDecoded() throws {
    let scene = try ImportScene()
    try scene.write(picture(1), "images/1.png")
    var bomb = try picture(2).encoded(as: .png)
    bomb.replaceSubrange(16..<24, with: [0, 0, 0x80, 0, 0, 0, 0x80, 0])
    try scene.write(bomb, "images/2.png")
    try scene.write(rectangle(.init(x: 1, y: 1, width: 2, height: 2)).image, "masks/1.png")
    try scene.write(bomb, "masks/2.png")
    let summary = try scene.run(MasksImporter(classSource: .name("x")))
    #expect(summary.images == 1)
    #expect(summary.problems[0].reason.contains("at most 100000000 pixels, found 32768 × 32768"))
  }

  /// Bytes changed at will: every reader reads or refuses, and nothing else happens.
  @Test(arguments: 0..<60)
  func readersSurviveDamage(seed: Int) throws {
    let coco = #"{"images":[{"id":1,"file_name":"a.png","width":20,"height":16}],"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"segmentation":{"size":[16,20],"counts":"PPYo0"}}],"categories":[{"id":1,"name":"x"}]}"#
    let labelMe = #"{"shapes":[{"label":"x","points":[[1,2],[3,4],[5,1]],"shape_type":"polygon"}],"imagePath":"a.png"}"#
    let voc = "<annotation><filename>a.png</filename><object><name>x</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>3</xmax><ymax>3</ymax></bndbox></object></annotation>"
    let readers: [(String, (Data) throws -> Void)] = [
      (coco, { for mark in try COCOFile.parse($0, at: "x").annotations { _ = try? mark.place } }),
      (labelMe, { try fit(LabelMeFile.parse($0, at: "x").marks) }),
      (voc, { try fit(VOCFile.parse($0, at: "x").labels(countsFromOne: true).marks) }),
      ("0 0.5 0.5 0.25 0.25\n1 0.1 0.1 0.2 0.2 0.3 0.1\n", { data in
        try fit(YOLOFile.parse(data, at: "x").objects.map { ImportMark("x", $0.place) })
      }),
      ("names: ['a', \"b\"]\ntrain: images\n", { _ = try YOLODescription.parse($0, at: "x") }),
      ("ImageId,ClassId,EncodedPixels\na.png,1,1 5 20 3\n", { data in
        try fit(SeverstalTable.parse(data, at: "x").rows.map { ImportMark("x", .columnRuns($0.runs)) })
      }),
    ]
    for (text, read) in readers {
      var bytes = [UInt8](text.utf8)
      for step in 0...seed % 3 {
        let place = (seed &* 31 &+ step &* 17) % bytes.count
        switch (seed + step) % 4 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: seed &* 73)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: [0x39, 0x39, 0x39, 0x39, 0x39, 0x39, 0x39, 0x39], at: place)
        default: bytes.removeLast(min(bytes.count - 1, seed % 20))
        }
      }
      do {
        try read(Data(bytes))
      } catch { #expect(error is InputError, "\(error) of \(String(decoding: bytes, as: UTF8.self))") }
    }
  }

  private func fit(_ marks: [ImportMark]) throws {
    _ = try FittedLabels(ImportLabels(marks: marks), width: 20, height: 16, at: "x")
  }
}
