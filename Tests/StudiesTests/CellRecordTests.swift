import Files
import Foundation
import Runs
import Studies
import TestFolders
import Testing

struct CellRecordTests {
  private let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2], testGroups: 5)

  private func record() throws -> CellRecord { try #require(study.records().first) }

  @Test func itSurvivesTheDisk() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("cell.json")
    let written = try record()
    try JSONFile.write(written, to: file)
    #expect(try CellRecord.read(from: file) == written)
  }

  @Test func aNewerRecordIsToldFromABrokenOne() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("cell.json")
    try Data(#"{"version": 2, "surprise": true}"#.utf8).write(to: file)
    let newer = try #require(throws: InputError.self) { try CellRecord.read(from: file) }
    #expect(newer.found == "version 2" && newer.remedy.contains("newer"))
    try Data(#"{"version": 1}"#.utf8).write(to: file)
    #expect(try #require(throws: InputError.self) { try CellRecord.read(from: file) }.found.contains("no key"))
  }

  @Test(arguments: [
    "truth", "negative truth", "scores", "sum", "range", "not finite", "twice", "group", "empty", "classes", "loss",
  ])
  func refusesContradictions(fault: String) throws {
    var record = try record()
    try record.check(at: "r")
    switch fault {
    case "truth": record.test[3].truth = 2
    case "negative truth": record.validation[0].truth = -1
    case "scores": record.test[0].scores.append(0)
    case "sum": record.test[0].scores = [0.5, 0.6]
    case "range": record.test[0].scores = [1.5, -0.5]
    case "not finite": record.test[0].scores = [.nan, 1]
    case "twice": record.test[1].image = record.test[0].image
    case "group": record.test[1].group = ""
    case "empty": record.test = []
    case "classes": record.classes = ["free", "free"]
    default: record.loss[0].loss = .infinity
    }
    #expect(throws: InputError.self) { try record.check(at: "r") }
  }

  @Test(arguments: [
    "none", "some", "number", "truth", "both", "called", "outline", "defects", "found", "large", "score",
  ])
  func refusesPixelsThatDoNotFit(fault: String) throws {
    let defect = ClassPixels(
      truth: 9, called: 6, both: 5, outline: 8, outlineMatched: 7, calledOutline: 6, calledOutlineMatched: 6,
      defects: [.init(area: 7, called: 5), .init(area: 2, called: 0)])
    var record = try record()
    func segmented(_ predictions: [Prediction]) -> [Prediction] {
      predictions.map { one in
        var one = one
        // No distribution: a segmenter's scores are of each class alone.
        one.scores = [0.9, 0.8]
        one.pixels = one.truth == 0 ? [ClassPixels(), ClassPixels()] : [defect, defect]
        return one
      }
    }
    (record.validation, record.test) = (segmented(record.validation), segmented(record.test))
    let place = try #require(record.test.firstIndex { $0.truth == 1 })
    switch fault {
    case "none": return try record.check(at: "r")
    case "some": record.test[1].pixels = nil
    case "number": record.test[place].pixels?.removeLast()
    case "truth": record.test[place].truth = 0
    case "both": record.test[place].pixels?[1].both = 7
    case "called":
      record.test[place].pixels?[1].called = 4
      record.test[place].pixels?[1].calledOutline = 3
      record.test[place].pixels?[1].calledOutlineMatched = 3
    case "outline": record.test[place].pixels?[1].outlineMatched = 9
    case "defects": record.test[place].pixels?[1].defects.removeLast()
    case "found": record.test[place].pixels?[1].defects[1].called = 1
    case "large": record.test[place].pixels?[1].defects = [.init(area: .max, called: 5), .init(area: .max, called: 0)]
    default: record.test[place].scores[1] = 1.5
    }
    #expect(throws: InputError.self) { try record.check(at: "r") }
  }

  @Test func scopesAreSingleStringsInJSON() throws {
    let scopes: [FigureScope] = [.mean, .anyDefect, .defect("mean"), .defect("class:x")]
    let data = try JSONEncoder().encode(scopes)
    #expect(String(decoding: data, as: UTF8.self) == #"["mean","any-defect","class:mean","class:class:x"]"#)
    #expect(try JSONDecoder().decode([FigureScope].self, from: data) == scopes)
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([FigureScope].self, from: Data(#"["x"]"#.utf8)) }
  }
}
