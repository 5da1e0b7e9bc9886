import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct LabelMeTests {
  private func json(_ shapes: String, image: String = "1.png") -> String {
    #"{"version":"5.4","flags":{},"shapes":[\#(shapes)],"imagePath":"\#(image)","imageData":null,"imageHeight":16,"imageWidth":20}"#
  }

  private func shape(_ kind: String, _ points: String, more: String = "") -> String {
    #"{"label":"crack","points":\#(points),"group_id":null,"shape_type":"\#(kind)","flags":{}\#(more)}"#
  }

  private func imported(_ text: String) throws -> (scene: ImportScene, summary: ImportSummary) {
    let scene = try ImportScene()
    for key in 1...2 { try scene.write(picture(key), "\(key).png") }
    try scene.write(asWindowsWrites(text), "1.json")
    try scene.write(json("", image: "2.png"), "2.json")
    return (scene, try scene.run(LabelMeImporter()))
  }

  @Test(arguments: [("polygon", "[[3,2],[8,2],[8,6],[3,6]]", 20), ("rectangle", "[[8,6],[3,2]]", 0)])
  func readsShapes(kind: String, points: String, area: Int) throws {
    let (scene, summary) = try imported(json(shape(kind, points)))
    #expect(summary.problems.isEmpty && summary.clean == 1)
    #expect(try scene.boxes("1.png") == ["crack 3.0 2.0 5.0 4.0"])
    #expect(try scene.image("1.png").annotations[0].segmentation?.area ?? 0 == area)
  }

  @Test func readsCirclesAndMasks() throws {
    let (scene, _) = try imported(json(shape("circle", "[[10,8],[10,4]]")))
    let area = try #require(try scene.image("1.png").annotations[0].segmentation?.area)
    #expect(abs(Double(area) - 16 * Double.pi) < 4)
    let file = try Image(width: 3, height: 2, bytes: [0, 255, 255, 255, 0, 0]).encoded(as: .png).base64EncodedString()
    let (other, summary) = try imported(json(shape("mask", "[[15,4],[17,5]]", more: #","mask":"\#(file)""#)))
    #expect(summary.problems.isEmpty, "\(summary.problems)")
    let mask = try #require(try other.set().mask(of: other.image("1.png")))
    #expect(mask.area == 3 && mask[16, 4] && mask[17, 4] && mask[15, 5])
  }

  @Test func partsOfOneGroupAreOneObject() throws {
    let part = #"{"label":"crack","points":[[1,1],[3,1],[3,3]],"group_id":4,"shape_type":"polygon"}"#
    let (scene, _) = try imported(json([part, part.replacing("[3,3]", with: "[1,3]"), part.replacing("4", with: "5")].joined(separator: ",")))
    #expect(try scene.image("1.png").annotations.count == 2)
  }

  @Test(arguments: [
    ("line", "[[1,1],[3,3]]"), ("point", "[[1,1]]"), ("linestrip", "[[1,1],[3,3],[4,5]]"), ("polygon", "[[1,1],[3,3]]"),
    ("polygon", "[[1,1],[3,3],[4]]"), ("polygon", "[[1,1],[3,3],[1e300,4]]"), ("rectangle", "[[1,1]]"), ("circle", "[]"),
    ("mask", "[[1,1],[3,3]]"), ("polygon", "[[100,100],[103,100],[103,103]]"),
  ])
  func shapesThatEncloseNothingCostTheirImage(kind: String, points: String) throws {
    let (_, summary) = try imported(json(shape(kind, points)))
    #expect(summary.images == 1 && summary.problems.count == 1)
    #expect(summary.problems[0].path.hasPrefix("1.json"), "\(summary.problems)")
  }

  @Test func imagesAreFoundByTheirPathWithinTheFolder() throws {
    let scene = try ImportScene()
    try scene.write(picture(1), "pictures/a.png")
    try scene.write(json("", image: "..\\\\pictures\\\\a.png"), "labels/other name.json")
    #expect(try scene.run(LabelMeImporter()).images == 1)
    try scene.temporary.write(picture(2), "outside.png")
    try scene.write(json("", image: "../../outside.png"), "labels/climbing.json")
    let summary = try scene.run(LabelMeImporter())
    #expect(summary.images == 1)
    #expect(summary.problems.map(\.path) == ["labels/climbing.json"])
    #expect(summary.problems[0].reason.contains("climbs out"))
  }
}
