import Files
import Foundation
import Images
import Testing

@testable import Datasets

struct COCOTests {
  let scene: ImportScene

  init() throws {
    scene = try ImportScene()
    for key in 0..<3 { try scene.write(picture(key), "images/\(key).png") }
  }

  private func json(images: String? = nil, _ annotations: String, categories: String? = nil) -> String {
    let usual = (0..<3).map { #"{"id":\#($0 + 1),"file_name":"\#($0).png","width":20,"height":16}"# }.joined(separator: ",")
    return """
      {"images":[\(images ?? usual)],"annotations":[\(annotations)],
      "categories":[\(categories ?? #"{"id":4,"name":"hole"},{"id":7,"name":"crack"}"#)]}
      """
  }

  private func run(_ text: String) throws -> ImportSummary {
    try scene.write(text, "a.json")
    return try scene.run(COCOImporter())
  }

  @Test(arguments: [
    (#""bbox":[3,2,5,4]"#, 0), (#""bbox":[3,2,5,4],"segmentation":[]"#, 0),
    (#""bbox":[0,0,1,1],"segmentation":[[3,2,8,2,8,6,3,6]]"#, 20),
    (#""segmentation":[[3,2,8,2,8,4,3,4],[3,4,8,4,8,6,3,6]]"#, 20),
    (#""segmentation":{"size":[16,20],"counts":[50,4,12,4,12,4,12,4,12,4,202]}"#, 20),
    (#""segmentation":{"size":[16,20],"counts":"\#(RunLengthCode(rectangle(.init(x: 3, y: 2, width: 5, height: 4))).compressed.replacing("\\", with: "\\\\"))"}"#,
      20),
  ])
  func readsEveryKindOfPlace(place: String, area: Int) throws {
    let summary = try run(json(#"{"id":1,"image_id":1,"category_id":7,\#(place)}"#))
    #expect(summary.problems.isEmpty, "\(summary.problems)")
    #expect(try scene.boxes("0.png") == ["crack 3.0 2.0 5.0 4.0"])
    #expect(try scene.image("0.png").annotations[0].segmentation?.area ?? 0 == area)
    #expect(summary.classes == ["crack": 1, "hole": 0, "Clean": 2])
  }

  @Test func entriesOfOneFileAreOneImage() throws {
    let images = (1...3).map { #"{"id":\#($0),"file_name":"0.png","width":20,"height":16}"# }.joined(separator: ",")
    let marks = (1...3).map { #"{"id":\#($0),"image_id":\#($0),"category_id":4,"bbox":[\#($0),0,2,2]}"# }
    let summary = try run(json(images: images, marks.joined(separator: ",")))
    #expect(summary.images == 1 && summary.boxes == 3)
    #expect(summary.notes[0].hasPrefix("2 entries of images named before"))
    #expect(summary.notes[1] == "2 images that the JSON does not name were left out")
  }

  @Test func severalFilesAreSplits() throws {
    for (key, name) in ["train2017", "val2017", "test"].enumerated() {
      try scene.write(
        json(images: #"{"id":1,"file_name":"\#(key).png"}"#, ""), "annotations/instances_\(name).json")
    }
    #expect(try scene.run(COCOImporter()).splits == ["train": 1, "validation": 1, "test": 1])
    #expect(try scene.run(COCOImporter(), from: "annotations/instances_val2017.json").images == 1)
  }

  /// What is wrong with an annotation costs its image, and nothing else.
  @Test(arguments: [
    (#""bbox":[3,2,5]"#, "a box of 3 numbers"), (#""bbox":[30,2,5,4]"#, "the box [30.0"), (#""bbox":[3,2,-5,4]"#, "the box"),
    (#""bbox":[3,2,0,4]"#, "the box"), (#""bbox":[1e308,1e308,1e308,1e308]"#, "the box"),
    (#""segmentation":[[3,2,8,2]]"#, "an outline of 4 numbers"), (#""segmentation":[[3,2,8,2,8,6,3]]"#, "7 numbers"),
    (#""segmentation":[[1e300,2,8,2,8,6]]"#, "a corner"), (#""segmentation":"abc""#, "neither"), (#""x":1"#, "no box"),
    (#""segmentation":{"size":[16,20],"counts":[50,4,1000]}"#, "beyond 320 pixels"),
    (#""segmentation":{"size":[16,20],"counts":[50,-4,274]}"#, "-4"),
    (#""segmentation":{"size":[16,20],"counts":[50,4]}"#, "54 pixels instead of 320"),
    (#""segmentation":{"size":[20,16],"counts":[300,20]}"#, "a mask of 16 × 20"),
    (#""segmentation":{"size":[9999999,9999999],"counts":[1]}"#, "a size of"),
    (#""segmentation":{"size":[16,20],"counts":"PPPPPPPPPPPPPPPP"}"#, "32 bits"), (#""category_id":9"#, "no category 9"),
  ])
  func badAnnotationsCostTheirImage(place: String, reason: String) throws {
    let category = place.contains("category_id") ? "" : #""category_id":4,"#
    let summary = try run(
      json(
        #"{"id":1,"image_id":1,\#(category)\#(place)},{"id":2,"image_id":2,"category_id":4,"bbox":[1,1,2,2]}"#))
    #expect(summary.images == 2 && summary.boxes == 1)
    #expect(summary.problems.count == 1 && summary.problems[0].reason.contains(reason), "\(summary.problems)")
  }

  @Test(arguments: [
    #"[NaN,0,1,1]"#, #"[Infinity,0,1,1]"#, #"[-Infinity,0,1,1]"#, #"[1e999,0,1,1]"#, #"["1",0,1,1]"#, #"[null,0,1,1]"#,
  ])
  func numbersThatAreNoneEndTheImport(box: String) throws {
    #expect { try run(json(#"{"id":1,"image_id":1,"category_id":4,"bbox":\#(box)}"#)) } throws: {
      $0 is InputError && "\($0)".contains("a.json")
    }
  }

  @Test func idsThatCannotBeToldApartEndTheImport() throws {
    let images = #"{"id":1,"file_name":"0.png"},{"id":1,"file_name":"1.png"}"#
    #expect { try run(json(images: images, "")) } throws: { "\($0)".contains("one image for the id 1") }
    let categories = #"{"id":4,"name":"hole"},{"id":4,"name":"crack"}"#
    #expect { try run(json("", categories: categories)) } throws: { "\($0)".contains("one name for the id 4") }
    let marks = [1, 2].map { #"{"id":5,"image_id":\#($0),"category_id":4,"bbox":[1,1,2,2]}"# }.joined(separator: ",")
    let summary = try run(json(marks))
    #expect(summary.boxes == 2)
    #expect(summary.notes == ["1 annotations have an id that another has; all were kept"])
    #expect(try run(json("", categories: #"{"id":4,"name":"hole"},{"id":5,"name":"hole"}"#)).classes.count == 2)
  }

  @Test func pathsStayWithinTheFolder() throws {
    try scene.temporary.write(picture(7), "outside.png")
    let names = ["../outside.png", "/etc/passwd", "images/../../outside.png", "..\\\\..\\\\outside.png", "./0.png"]
    let images = names.enumerated().map { #"{"id":\#($0.offset),"file_name":"\#($0.element)"}"# }.joined(separator: ",")
    let summary = try run(json(images: images, ""))
    #expect(summary.images == 1)
    #expect(summary.problems.count == 4, "\(summary.problems)")
    #expect(!summary.problems.contains { $0.reason.contains("root:") })
  }

  @Test func sizesMustBeTheImages() throws {
    let images = #"{"id":1,"file_name":"0.png","width":16,"height":20},{"id":2,"file_name":"1.png","width":99,"height":16}"#
    let summary = try run(json(images: images + #",{"id":3,"file_name":"2.png"}"#, ""))
    #expect(summary.problems.map(\.path) == ["images/0.png", "images/1.png"])
    #expect(summary.problems[0].reason.contains("EXIF") && !summary.problems[1].reason.contains("EXIF"))
  }

  @Test func boxesOverTheBorderAreCut() throws {
    let summary = try run(json(#"{"id":1,"image_id":1,"category_id":4,"bbox":[-2.5,10,6,9]}"#))
    #expect(try scene.boxes("0.png") == ["hole 0.0 10.0 3.5 6.0"])
    #expect(summary.notes.contains { $0.hasPrefix("1 labels reached beyond") })
  }

  @Test func outlinesTooThinForAPixelBecomeBoxes() throws {
    let summary = try run(json(#"{"id":1,"image_id":1,"category_id":4,"segmentation":[[1,1.1,9,1.2,9,1.3]]}"#))
    #expect(summary.boxes == 1 && summary.notes.contains { $0.hasPrefix("1 outlines enclose no pixel") })
  }
}
