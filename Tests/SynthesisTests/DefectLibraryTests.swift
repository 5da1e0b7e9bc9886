import Datasets
import Files
import Foundation
import Images
import Randomness
import Synthesis
import TestFolders
import Testing

struct DefectLibraryTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private struct Entry {
    var name: String
    var labels: [DatasetWriter.Label]
    var split: Split?
    var group: String?
    var isSynthetic = false
  }

  private func set(_ entries: [Entry]) throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary[UUID().uuidString], description: "", cleanName: "clean", categories: ["a", "b"])
    for entry in entries {
      let synthetic = Provenance.Synthetic(model: "m", seed: 0, step: 0, source: "s", sourceSplit: "train")
      try writer.add(
        Image(width: 20, height: 10, filledWith: 99), as: entry.name, labels: entry.labels, split: entry.split,
        provenance: Provenance(
          source: entry.name, group: entry.group ?? entry.name, synthetic: entry.isSynthetic ? synthetic : nil))
    }
    return try writer.finish()
  }

  private func label(_ category: String, _ boxes: PixelBox...) -> DatasetWriter.Label {
    let masks = boxes.map { Mask(width: 20, height: 10, box: $0) }
    return .init(category, mask: masks.dropFirst().reduce(masks[0]) { $0.union($1) })
  }

  @Test func onlyTheTrainingSplitIsTaken() throws {
    let one = PixelBox(x: 1, y: 1, width: 3, height: 3)
    let library = try DefectLibrary(
      of: set([
        Entry(name: "train.png", labels: [label("a", one)], split: .train),
        Entry(name: "validation.png", labels: [label("a", one)], split: .validation),
        Entry(name: "test.png", labels: [label("a", one)], split: .test),
        Entry(name: "left-out.png", labels: [label("a", one)], split: nil),
        Entry(name: "made.png", labels: [label("a", one)], split: .train, isSynthetic: true),
      ]))
    #expect(library.shapes.map { $0.origin?.fileName } == ["train.png"])
  }

  /// Two annotations that overlap are one defect; parts that touch at a corner hang together; specks keep their numbers.
  @Test func instancesAreConnectedPartsByClass() throws {
    let library = try DefectLibrary(
      of: set([
        Entry(
          name: "0.png",
          labels: [
            label("b", PixelBox(x: 15, y: 5, width: 4, height: 2)),
            label(
              "a", PixelBox(x: 0, y: 0, width: 2, height: 3), PixelBox(x: 2, y: 3, width: 3, height: 1),
              PixelBox(x: 19, y: 1, width: 1, height: 1)),
            label("a", PixelBox(x: 8, y: 4, width: 3, height: 6)),
            label("a", PixelBox(x: 9, y: 4, width: 5, height: 1)),
          ], split: .train, group: "tile 7")
      ]))
    #expect(library.classNames == ["a", "b"])
    #expect(library.shapes.map { $0.origin?.instance } == [0, 2, 3])
    #expect(
      library.shapes.map { $0.origin?.box } == [
        PixelBox(x: 0, y: 0, width: 5, height: 4), PixelBox(x: 8, y: 4, width: 6, height: 6),
        PixelBox(x: 15, y: 5, width: 4, height: 2),
      ])
    #expect(library.shapes[0].mask.bits == [1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1])
    #expect(library.shapes.map(\.mask.area) == [9, 21, 8])
    #expect(library.shapes.allSatisfy { $0.origin?.group == "tile 7" })
    #expect(library.shapes(of: "b") == [library.shapes[2]])
  }

  @Test func shapesAreDrawnByTheSeed() throws {
    let boxes = (0..<6).map { PixelBox(x: $0 * 3, y: 0, width: 2, height: 2 + $0) }
    let library = try DefectLibrary(
      of: set(boxes.enumerated().map { Entry(name: "\($0).png", labels: [label("a", $1)], split: .train) }))
    func draw(_ seed: UInt64) throws -> [Int] {
      var random = SeededGenerator(seed: seed)
      return try (0..<40).map { _ in try library.shape(of: "a", &random).mask.area }
    }
    #expect(try draw(1) == draw(1))
    #expect(try draw(1) != draw(2))
    #expect(try Set(draw(1)).count == 6)
    var random = SeededGenerator(seed: 0)
    #expect(throws: InputError.self) { try library.shape(of: "b", &random) }
  }

  @Test func whatCannotBeTakenIsRefused() throws {
    let box = PixelBox(x: 1, y: 1, width: 3, height: 3)
    let unsplit = try set([Entry(name: "0.png", labels: [label("a", box)])])
    #expect { try DefectLibrary(of: unsplit) } throws: { "\($0)".contains("patina split") }
    let torn = try set([
      Entry(name: "0.png", labels: [label("a", box)], split: .train, group: "one"),
      Entry(name: "1.png", labels: [], split: .test, group: "one"),
    ])
    #expect { try DefectLibrary(of: torn) } throws: { "\($0)".contains("1.png of the test split") }
    let whole = try set([
      Entry(name: "0.png", labels: [.init("a")], split: .train),
      Entry(name: "1.png", labels: [label("b", box)], split: .train),
    ])
    #expect(try DefectLibrary(of: whole).classNames == ["b"])
    #expect { try DefectLibrary(of: whole, classes: ["a"]) } throws: { "\($0)".contains("none of a") }
    #expect { try DefectLibrary(of: whole, classes: ["c"]) } throws: { "\($0)".contains("one of the classes a, b") }
  }
}
