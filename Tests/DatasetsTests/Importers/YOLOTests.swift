import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct YOLOTests {
  let scene: ImportScene

  init() throws {
    scene = try ImportScene()
    for (key, split) in ["train", "train", "val"].enumerated() { try scene.write(picture(key), "images/\(split)/\(key).png") }
  }

  private static let yaml = "path: .\ntrain: images/train\nval: images/val\nnames:\n  0: hole\n  1: \"long crack\"\n"

  @Test(arguments: [false, true])
  func readsBoxesAndOutlines(windows: Bool) throws {
    let text = "1 0.275 0.25 0.25 0.25\n0 0.15 0.125 0.4 0.125 0.4 0.375 0.15 0.375\n\n"
    try scene.write(windows ? asWindowsWrites(Self.yaml) : Data(Self.yaml.utf8), "data.yaml")
    try scene.write(windows ? asWindowsWrites(text) : Data(text.utf8), "labels/train/0.txt")
    try scene.write("", "labels/train/1.txt")
    let summary = try scene.run(YOLOImporter())
    #expect(summary.problems.isEmpty && summary.images == 3 && summary.clean == 2)
    #expect(summary.splits == ["train": 2, "validation": 1])
    #expect(summary.notes == ["1 images without a text file count as clean"])
    #expect(try scene.boxes("0.png") == ["long crack 3.0 2.0 5.0 4.0", "hole 3.0 2.0 5.0 4.0"])
    #expect(try scene.image("0.png").annotations.map { $0.segmentation?.area } == [nil, 20])
  }

  @Test func sixDecimalsGiveBackWholePixels() throws {
    try scene.write("0 0.333333 0.333333 0.666666 0.666666\n", "labels/train/0.txt")
    try scene.write(picture(5, width: 1500, height: 750), "images/train/9.png")
    try scene.write("0 0.000667 0.001333 0.001333 0.002667\n", "labels/train/9.txt")
    let summary = try scene.run(YOLOImporter())
    #expect(summary.notes.contains { $0.hasPrefix("No data.yaml") })
    #expect(try scene.boxes("9.png") == ["class_0 0.0 0.0 2.0 2.0"])
  }

  @Test(arguments: [
    "0 0.5 0.5 0.2", "0 0.5 0.5 0.2 0.2 0.9", "0 nan 0.5 0.2 0.2", "0 inf 0.5 0.2 0.2", "0 0.5 0.5 0 0.2", "0 0.5 0.5 -0.2 0.2",
    "-1 0.5 0.5 0.2 0.2", "x 0.5 0.5 0.2 0.2", "2 0.5 0.5 0.2 0.2", "0 10 10 5 4", "0 1e999 0.5 0.2 0.2",
    "0 0.1 0.1 0.2 0.2 0.3", "99999999999999999999 0.5 0.5 0.2 0.2", "0 1.5 1.5 0.2 0.2", "0,0.5,0.5,0.2,0.2",
  ])
  func linesThatCannotBeCostTheirImage(line: String) throws {
    try scene.write(Self.yaml, "data.yaml")
    try scene.write(line + "\n", "labels/train/0.txt")
    try scene.write("0 0.5 0.5 0.2 0.2\n", "labels/train/1.txt")
    let summary = try scene.run(YOLOImporter())
    #expect(summary.images == 2 && summary.boxes == 1)
    #expect(summary.problems.count == 1 && summary.problems[0].path.hasPrefix("labels/train/0.txt"), "\(summary.problems)")
  }

  @Test(arguments: [
    ("names: [a, 'b c', \"d, e\"]", ["a", "b c", "d, e"]), ("names:\n- a\n- b", ["a", "b"]),
    ("names:\n  - a # one\n  - 'it''s'\nnc: 2", ["a", "it's"]), ("names: {0: a, 1: b}", ["a", "b"]),
    ("names:\n  1: b\n  0: a", ["a", "b"]), ("names: [\n  a,\n  b\n]\n", ["a", "b"]), ("# x\nnc: 1\nnames: ['#1']", ["#1"]),
    ("download: |\n  from x import y\n  a: b\nnames: [a]", ["a"]), ("names:\n  0: \"a: \\\"b\\\"\"", ["a: \"b\""]),
  ])
  func readsNamesInEveryForm(text: String, names: [String]) throws {
    #expect(try YOLODescription.parse(Data(text.utf8), at: "data.yaml").names == names)
  }

  @Test(arguments: [
    "", "nc: 3", "names:", "names: []", "names: [a, a]", "names: [a", "names: {0: a, 2: b}", "names: {x: a}", "names: [[a]]", "nonsense",
    "names: [a]\nnames: [b]", "names: ['']", String(repeating: "[", count: 10_000), "names: " + String(repeating: "[", count: 10_000),
  ])
  func refusesNamesThatAreNone(text: String) {
    #expect(throws: InputError.self) { try YOLODescription.parse(Data(text.utf8), at: "data.yaml") }
  }

  @Test func foldersOfEachSplitMayHoldImagesAndLabels() throws {
    let scene = try ImportScene()
    for (key, split) in ["train", "valid"].enumerated() {
      try scene.write(picture(key), "\(split)/images/a.png")
      try scene.write("\(key) 0.5 0.5 0.2 0.2\n", "\(split)/labels/a.txt")
    }
    try scene.write("train: ../train/images\nval: ../valid/images\nnames: [x, y]\n", "data.yaml")
    let summary = try scene.run(YOLOImporter())
    #expect(summary.classes == ["x": 1, "y": 1, "Clean": 0] && summary.splits == ["train": 1, "validation": 1])
    // Both are called a.png, so that their folders stay.
    #expect(try scene.boxes("valid/images/a.png").map { $0.prefix(1) } == ["y"])
  }
}
