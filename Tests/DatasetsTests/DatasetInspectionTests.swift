import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct DatasetInspectionTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func set(_ add: (DatasetWriter) throws -> Void) throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary["set"], description: "A test", cleanName: "Free", categories: ["Hole"], replacing: true)
    try add(writer)
    return try writer.finish()
  }

  @Test func countsAndMeasures() throws {
    let mask = rectangle(PixelBox(x: 1, y: 1, width: 4, height: 2)).union(
      rectangle(PixelBox(x: 10, y: 9, width: 3, height: 4)))
    let set = try set { writer in
      try writer.add(
        Image(width: 20, height: 16, filledWith: 51), as: "a.png", labels: [.init("Hole", mask: mask)], split: .train,
        provenance: .init(source: "a", group: "g"))
      try writer.add(
        picture(2, width: 30).colour(), as: "b.png", labels: [], provenance: .init(source: "b", group: "g"))
      try writer.add(picture(3), as: "c.png", labels: [.init("Hole")], provenance: .init(source: "c", group: "h"))
    }
    let report = DatasetInspection(of: set)
    #expect(report.images == 3 && report.groups == 2 && report.greyImages == 2 && report.problems.isEmpty)
    #expect(report.width?.least == 20 && report.width?.median == 20 && report.width?.most == 30)
    let hole = report.classes[1]
    #expect(hole.name == "Hole" && hole.images == 2 && hole.masked == 1 && hole.defects == 2)
    #expect(hole.splits == ["train": 1, "none": 1])
    #expect(hole.defectArea?.median == 10 && hole.coverage?.most == 20.0 / 320)
    #expect(hole.brightness?.least == 0.2)
    #expect(!report.hasLeaks && report.copies.isEmpty)
  }

  @Test func seesLeaks() throws {
    let mirror = try picture(1).flippedHorizontally()
    let set = try set { writer in
      try writer.add(
        picture(1), as: "a.png", labels: [], split: .train, provenance: .init(source: "a", group: "a"))
      try writer.add(mirror, as: "b.png", labels: [], split: .test, provenance: .init(source: "b", group: "b"))
      try writer.add(picture(2), as: "c.png", labels: [], split: .train, provenance: .init(source: "c", group: "c"))
      try writer.add(
        picture(3), as: "d.png", labels: [], split: .validation, provenance: .init(source: "d", group: "c"))
      for (key, split, origin) in [(5, Split.train, "train"), (6, .train, "test"), (7, .test, "train")] {
        try writer.add(
          picture(key), as: "s\(key).png", labels: [.init("Hole")], split: split,
          provenance: .init(
            source: "s", group: "s\(key)",
            synthetic: .init(model: "m", seed: 1, step: 2, source: "c.png", sourceSplit: origin)))
      }
    }
    let report = DatasetInspection(of: set)
    #expect(report.copies == [["a.png", "b.png"]])
    #expect(report.leakingCopies.map(\.names) == [["a.png", "b.png"]])
    #expect(report.leakingGroups.map(\.names) == [["c"]])
    #expect(report.leakingGroups.first?.splits == ["train", "validation"])
    #expect(report.leakingSynthetic == ["s6.png", "s7.png"])
    #expect(report.hasLeaks && report.classes[1].synthetic == 3)
  }

  @Test func namesFilesThatChanged() throws {
    let set = try set { writer in
      for key in 0..<3 {
        try writer.add(picture(key), as: "\(key).png", labels: [], provenance: .init(source: "", group: "\(key)"))
      }
    }
    try picture(9).encoded(as: .png).write(to: set.url(of: set.images[1]))
    try Data("x".utf8).write(to: set.url(of: set.images[2]))
    let report = DatasetInspection(of: try Dataset(at: temporary["set"]))
    #expect(report.problems.map(\.path) == ["1.png", "2.png"])
    #expect(report.problems[0].reason.contains("SHA-256"))
  }

  @Test func theSheetHasARowForEachClass() throws {
    let mask = rectangle(PixelBox(x: 5, y: 5, width: 6, height: 4))
    let set = try set { writer in
      for key in 0..<7 {
        try writer.add(
          Image(width: 20, height: 16, filledWith: 90), as: "\(key).png",
          labels: key < 2 ? [.init("Hole", mask: mask)] : [], provenance: .init(source: "", group: "\(key)"))
      }
    }
    let sheet = try set.contactSheet(columns: 4, cellSize: 20)
    #expect(sheet.rows.map(\.count) == [4, 2])
    #expect(sheet.rows[0].map(\.caption) == ["Free (5)", "3.png", "4.png", "5.png"])
    #expect(sheet.rows[1][0].image[5, 4, 0] == 255 && sheet.rows[1][0].image[5, 5, 0] == 90)
  }
}
