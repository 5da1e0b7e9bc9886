import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct SeverstalTests {
  let scene: ImportScene

  init() throws {
    scene = try ImportScene()
    for key in 0..<3 { try scene.write(picture(key), "train_images/\(key).png") }
    try scene.write(picture(9), "test_images/9.png")
  }

  /// Pixels 17, 18 and 33 of 1-based columns of 16: (1, 0), (1, 1), (2, 0).
  private static let rows = "0.png,3,17 2 33 1\n1.png,1,1 16\n"
  private static let layouts = [
    "ImageId,ClassId,EncodedPixels\n" + rows,
    "ImageId_ClassId,EncodedPixels\n0.png_1,\n0.png_3,17 2 33 1\n1.png_1,1 16\n1.png_3,\n2.png_1,\n2.png_3,\n",
  ]

  @Test(arguments: layouts, [false, true])
  func readsBothLayouts(text: String, windows: Bool) throws {
    try scene.write(windows ? asWindowsWrites(text) : Data(text.utf8), "train.csv")
    let summary = try scene.run(SeverstalImporter())
    #expect(summary.classes == ["defect_3": 1, "defect_1": 1, "Clean": 1])
    #expect(summary.masks == 2 && summary.problems.isEmpty)
    #expect(summary.notes == ["1 images outside of train_images/ are not looked at"])
    let mask = try #require(try scene.set().mask(of: scene.image("0.png")))
    #expect(mask.area == 3 && mask[1, 0] && mask[1, 1] && mask[2, 0])
    #expect(try scene.boxes("1.png") == ["defect_1 0.0 0.0 1.0 16.0"])
  }

  @Test func namesAndTheFileItselfMayBeGiven() throws {
    try scene.write(Self.layouts[0], "other.csv")
    let summary = try scene.run(SeverstalImporter(classes: ["a", "b", "c"], clean: "ok"), from: "other.csv")
    #expect(summary.classes == ["a": 1, "b": 0, "c": 1, "ok": 1])
    #expect(try scene.run(SeverstalImporter(classes: ["a"]), from: "other.csv").problems.map(\.path) == ["other.csv: line 2"])
  }

  @Test(arguments: [
    ("0.png,3,17 400", "a run of 400 pixels from 16"), ("0.png,3,320 2", "a run of 2"), ("0.png,3,0 2", "'0'"),
    ("0.png,3,5 -1", "'-1'"), ("0.png,3,5", "1 run lengths"), ("0.png,3,99999999999999999999 1", "'99999999999999999999'"),
    ("0.png,3,9223372036854775807 9223372036854775807", "a run of"), ("0.png,3,a b", "'a'"),
  ])
  func runsThatCannotBeCostTheirImage(row: String, reason: String) throws {
    try scene.write("ImageId,ClassId,EncodedPixels\n\(row)\n", "train.csv")
    let summary = try scene.run(SeverstalImporter())
    #expect(summary.images == 2)
    #expect(summary.problems.map(\.path) == ["train_images/0.png"])
    #expect(summary.problems[0].reason.contains(reason), "\(summary.problems[0])")
  }

  @Test(arguments: [
    ("ImageId,ClassId\n", "line"), ("", "line"), ("ImageId,ClassId,EncodedPixels\n0.png,x,1 1\n", "train.csv: line 2"),
    ("ImageId,ClassId,EncodedPixels\n0.png,0,1 1\n", "train.csv: line 2"),
    ("ImageId_ClassId,EncodedPixels\n0.png,1 1\n", "train.csv: line 2"),
    ("ImageId,ClassId,EncodedPixels\n\n0.png\n", "train.csv: line 3"),
  ])
  func tablesThatAreNoneAreRefused(text: String, place: String) {
    #expect { try SeverstalTable.parse(Data(text.utf8), at: "train.csv") } throws: { "\($0)".contains(place) }
  }

  @Test func rowsOfNoImageAreNamed() throws {
    try scene.write("ImageId,ClassId,EncodedPixels\nnone.png,1,1 1\n../9.png,1,1 1\n../../9.png,1,1 1\n", "train.csv")
    let summary = try scene.run(SeverstalImporter())
    #expect(summary.images == 3 && summary.clean == 3)
    #expect(summary.problems.map(\.path) == ["train.csv: line 2", "train.csv: line 3", "train.csv: line 4"])
    #expect(summary.problems[2].reason.contains("climbs"))
  }
}
