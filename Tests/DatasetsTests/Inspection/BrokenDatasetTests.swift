import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// A data set that every other command refuses is read as far as it goes, and each fault is named.
struct BrokenDatasetTests {
  let set: InspectedSet

  init() throws {
    set = try InspectedSet()
    try set.write { writer in
      for key in 0..<6 {
        let box = PixelBox(x: 2 + key, y: 3, width: 4, height: 5)
        try writer.add(picture(key), "\(key).png", key == 0 ? [] : [.init("Hole", mask: rectangle(box))])
      }
    }
  }

  /// Annotations keyed by image (1.png … 5.png have ids 2 … 6, their annotations 1 … 5).
  private func change(_ edit: (inout [[String: Any]]) -> Void) throws {
    let url = set.folder.appendingPathComponent("annotations.json")
    var table = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    var marks = try #require(table["annotations"] as? [[String: Any]])
    edit(&marks)
    table["annotations"] = marks
    try JSONSerialization.data(withJSONObject: table, options: .prettyPrinted).write(to: url)
    #expect(throws: (any Error).self) { try Dataset(at: set.folder) }
  }

  @Test func boxesOutsideOfTheImage() throws {
    try change { marks in
      marks[0]["bbox"] = [15, 3, 40, 5]
      marks[1]["bbox"] = [-3, 3, 4, 5]
      marks[2]["bbox"] = [3, 3, 0, 5]
      marks[3]["bbox"] = [3, 3]
    }
    let record = try set.inspect()
    let finding = try #require(record.finding("bad-boxes"))
    #expect(finding.severity == .error)
    #expect(finding.cases.map(\.images) == [["1.png"], ["2.png"], ["3.png"], ["4.png"]])
    #expect(record.images == 6 && record.classes[1].masks == 1)
  }

  @Test func boxesOfNoNumbers() throws {
    let url = set.folder.appendingPathComponent("annotations.json")
    let table = try String(contentsOf: url, encoding: .utf8)
    // As Python's json.dump writes what is no number; a name that says so must stay.
    var text = table.replacingOccurrences(of: "\"A test\"", with: "\"NaN -Infinity\\\" NaN\"")
    let start = try #require(text.range(of: "\"bbox\" : ["))
    let end = try #require(text.range(of: ",", range: start.upperBound..<text.endIndex))
    text.replaceSubrange(start.upperBound..<end.lowerBound, with: "NaN")
    try Data(text.utf8).write(to: url)
    #expect(throws: (any Error).self) { try Dataset(at: set.folder) }
    let record = try set.inspect()
    #expect(record.finding("bad-boxes")?.cases.map(\.images) == [["1.png"]])
    #expect(record.finding("bad-boxes")?.cases.first?.text.contains("not a number") == true)
    #expect(record.description == "NaN -Infinity\" NaN")
  }

  @Test func masksThatDoNotFit() throws {
    try change { marks in
      marks[0]["segmentation"] = ["size": [16, 21], "counts": [10, 3, 323]]
      marks[1]["segmentation"] = ["size": [16, 20], "counts": [320]]
      marks[2]["segmentation"] = ["size": [16, 20], "counts": [10, 400]]
      marks[3]["segmentation"] = ["size": [16, 20], "counts": [10, -3, 313]]
      marks[4]["segmentation"] = [[1, 2, 3, 4]]
    }
    let finding = try #require(try set.inspect().finding("bad-masks"))
    #expect(finding.cases.map(\.images) == [["1.png"], ["2.png"], ["3.png"], ["4.png"], ["5.png"]])
    let texts = finding.cases.map(\.text)
    #expect(texts[0].contains("21 × 16") && texts[1].contains("empty") && texts[2].contains("beyond"))
    #expect(texts[3].contains("-3"))
  }

  @Test func classesImagesAndIdsThatAreNotThere() throws {
    try change { marks in
      marks[0]["category_id"] = 7
      marks[1]["image_id"] = 99
      marks[3]["id"] = marks[2]["id"]
    }
    try FileManager.default.removeItem(at: set.folder.appendingPathComponent("images/5.png"))
    let record = try set.inspect()
    #expect(record.finding("unknown-classes")?.cases.map(\.images) == [["1.png"]])
    #expect(record.finding("missing-files")?.cases.count == 1)
    // The annotation of no image, the repeated id, and the annotation of the file that is gone.
    #expect(record.finding("bad-tables")?.cases.count == 3)
    #expect(record.images == 5)
  }

  /// Whatever stops the other commands must be an error here, even where no reason of its own is found.
  @Test(arguments: ["splits.json", "provenance.json"])
  func brokenTables(name: String) throws {
    try Data("{".utf8).write(to: set.folder.appendingPathComponent(name))
    let record = try set.inspect()
    #expect(record.count(of: .error) > 0 && record.images == 6)
  }

  @Test func whatIsNoDataSetIsRefused() throws {
    #expect(throws: (any Error).self) { try OpenedDataset(at: set.temporary["nowhere"]) }
    try Data("[1".utf8).write(to: set.folder.appendingPathComponent("annotations.json"))
    #expect(throws: (any Error).self) { try OpenedDataset(at: set.folder) }
    let deep = String(repeating: "[", count: 20000)
    try Data(deep.utf8).write(to: set.folder.appendingPathComponent("annotations.json"))
    #expect(throws: (any Error).self) { try OpenedDataset(at: set.folder) }
  }

  @Test func figuresThatAreNotThoseOfTheMask() throws {
    let url = set.folder.appendingPathComponent("annotations.json")
    var table = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    var marks = try #require(table["annotations"] as? [[String: Any]])
    marks[0]["bbox"] = [0, 0, 19, 15]
    marks[1]["area"] = 3
    marks[2]["segmentation"] = ["size": [16, 20], "counts": [0, 320]]
    marks[2]["area"] = 320
    marks[2]["bbox"] = [0, 0, 20, 16]
    marks[3]["segmentation"] = ["size": [16, 20], "counts": [100, 2, 218]]
    marks[3]["area"] = 2
    marks[3]["bbox"] = [6, 4, 1, 2]
    table["annotations"] = marks
    try JSONSerialization.data(withJSONObject: table).write(to: url)
    let record = try set.inspect()
    #expect(record.finding("boxes-other-than-masks")?.cases.map(\.images) == [["1.png"], ["2.png"]])
    #expect(record.finding("masks-cover-all")?.cases.map(\.images) == [["3.png"]])
    #expect(record.finding("masks-of-specks")?.cases.map(\.images) == [["4.png"]])
  }
}
