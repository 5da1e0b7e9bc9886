import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

struct ImporterTests {
  let temporary: TemporaryFolder
  let box = PixelBox(x: 3, y: 2, width: 5, height: 4)

  init() throws { temporary = try TemporaryFolder() }

  private func run(_ importer: some Importer, strict: Bool = false, threads: Int = 2) throws -> ImportSummary {
    try ImportRun(from: temporary["src"], to: temporary["set"], isStrict: strict, isReplacing: true, threads: threads)
      .run(importer)
  }

  private func set() throws -> Dataset { try Dataset(at: temporary["set"]) }

  @Test func foldersAreClasses() throws {
    for key in 0..<3 { try temporary.write(picture(key), "src/good/\(key).png") }
    try temporary.write(picture(5), "src/rust/deep/5.bmp", as: .bmp)
    try temporary.write(picture(6), "src/rust/6.jpg", as: .jpeg)
    try temporary.write(picture(7), "src/beside.png")
    try temporary.write(Data("x".utf8), "src/good/Thumbs.db")
    try temporary.write(Data("x".utf8), "src/empty/readme.txt")
    let summary = try run(FoldersImporter(clean: "good"))
    #expect(summary.classes == ["good": 3, "rust": 2])
    #expect(summary.problems == [ImportProblem("beside.png", "lies beside the folders of classes")])
    #expect(summary.notes == ["Left out as no images by their names: 1 .db, 1 .txt"])
    let set = try set()
    #expect(set.images.map(\.fileName) == ["good/0.png", "good/1.png", "good/2.png", "rust/6.jpg", "rust/deep/5.bmp"])
    #expect(set.images(inClass: "good").allSatisfy { $0.isClean })
    let stored = try Data(contentsOf: set.url(of: set.images[4]))
    #expect(stored == (try Data(contentsOf: temporary["src/rust/deep/5.bmp"])))
    #expect(throws: InputError.self) { try run(FoldersImporter(clean: "none")) }
  }

  @Test func badFilesAreNamedAndTheRestGoesOn() throws {
    let whole = try picture(1, width: 80, height: 60).encoded(as: .jpeg)
    try temporary.write(whole, "src/a/whole.jpg")
    try temporary.write(Data(), "src/a/zero.png")
    try temporary.write(whole.prefix(whole.count / 2), "src/a/cut.jpg")
    try temporary.write(Data("not an image at all".utf8), "src/a/text.png")
    var huge = try picture(2).encoded(as: .png)
    huge.replaceSubrange(16..<24, with: [0, 1, 0, 0, 0, 1, 0, 0])
    try temporary.write(huge, "src/a/huge.png")
    try FileManager.default.createSymbolicLink(
      at: temporary["src/a/gone.png"], withDestinationURL: temporary["nowhere"])
    let summary = try run(FoldersImporter())
    #expect(summary.images == 1)
    #expect(summary.problems.map(\.path) == ["a/cut.jpg", "a/gone.png", "a/huge.png", "a/text.png", "a/zero.png"])
    let reasons = summary.problems.map(\.reason)
    #expect(reasons[0].contains("cut off"))
    #expect(reasons[2].contains("65536 × 65536"))
    #expect(reasons[4].contains("an empty file"))
    #expect { try run(FoldersImporter(), strict: true) } throws: { "\($0)".contains("5: a/cut.jpg") }
    try FileManager.default.removeItem(at: temporary["set"])
    #expect(throws: InputError.self) { try run(FoldersImporter(), strict: true) }
    #expect(try temporary.names() == ["src"])
  }

  @Test func copiesTurnedOrMirroredFormAGroup() throws {
    try temporary.write(picture(1), "src/a/1.png")
    try temporary.write(picture(1), "src/a/1again.png")
    try temporary.write(try picture(1).flippedHorizontally().turned(by: .quarter), "src/a/1turned.png")
    try temporary.write(picture(2), "src/a/2.png")
    try temporary.write(picture(2).colour(), "src/a/2colour.png")
    let summary = try run(FoldersImporter())
    #expect(summary.duplicates == [["a/1.png", "a/1again.png"]])
    #expect(summary.lookalikes == [["a/1.png", "a/1again.png", "a/1turned.png"], ["a/2.png", "a/2colour.png"]])
    let groups = try set().images.map(\.group)
    #expect(Set(groups[0...2]).count == 1 && groups[3] == groups[4] && groups[0] != groups[3])
    #expect(summary.groups == 2)
  }

  @Test(arguments: [1, 2, 5])
  func threadsChangeNothing(_ threads: Int) throws {
    for key in 0..<150 { try temporary.write(picture(key), "src/c\(key % 3)/\(key).png") }
    _ = try run(FoldersImporter(), threads: 1)
    let files = ["annotations.json", "provenance.json", "splits.json"]
    let one = try files.map { try Data(contentsOf: temporary["set/" + $0]) }
    _ = try run(FoldersImporter(), threads: threads)
    #expect(try files.map { try Data(contentsOf: temporary["set/" + $0]) } == one)
  }

  enum Layout: CaseIterable { case sideBySide, suffix, parallel, named }

  @Test(arguments: Layout.allCases)
  func findsMasks(_ layout: Layout) throws {
    let masks = [rectangle(box), Mask(width: 20, height: 16)]
    for (key, mask) in masks.enumerated() {
      let name = "In_\(key)"
      switch layout {
      case .sideBySide:
        try temporary.write(picture(key), "src/\(name).jpg", as: .jpeg)
        try temporary.write(mask.image, "src/\(name).png")
      case .suffix:
        try temporary.write(picture(key), "src/\(name).png")
        try temporary.write(mask.image, "src/\(name)_mask.png")
      case .parallel:
        try temporary.write(picture(key), "src/images/\(name).bmp", as: .bmp)
        try temporary.write(mask.image, "src/masks/\(name).png")
      case .named:
        try temporary.write(picture(key), "src/x/\(name).bmp", as: .bmp)
        try temporary.write(mask.image, "src/y/z/\(name)-m.png")
      }
    }
    let suffix = layout == .suffix ? "_mask" : layout == .named ? "-m" : ""
    let importer = MasksImporter(
      classSource: .prefix, folders: layout == .named ? ("x", "y/z") : nil, suffix: suffix)
    let summary = try run(importer)
    #expect(summary.classes == ["In": 1, "Clean": 1], "\(summary)")
    #expect(summary.problems.isEmpty)
    let set = try set()
    #expect(set.mask(of: set.images[0]) == masks[0])
  }

  @Test func masksThatDoNotFitAreProblems() throws {
    try temporary.write(picture(1), "src/images/Pa_1.png")
    try temporary.write(rectangle(box).image, "src/masks/Pa_1.png")
    try temporary.write(picture(2), "src/images/Pa_2.png")
    try temporary.write(rectangle(box, width: 21).image, "src/masks/Pa_2.png")
    try temporary.write(picture(3), "src/images/Pa_3.png")
    try temporary.write(rectangle(box).image, "src/masks/Pa_4.png")
    try temporary.write(picture(5), "src/images/ok_5.png")
    try temporary.write(rectangle(box).image, "src/masks/ok_5.png")
    let summary = try run(MasksImporter(classSource: .prefix, clean: "ok"))
    #expect(summary.images == 1)
    #expect(
      summary.problems.map(\.path) == ["images/Pa_3.png", "masks/Pa_4.png", "masks/Pa_2.png", "masks/ok_5.png"])
    #expect(summary.problems[2].reason == "expected a mask of 20 × 16, found 21 × 16")
    #expect(try run(MasksImporter(classSource: .name("Flaw"))).classes == ["Flaw": 2, "Clean": 0])
    #expect(throws: InputError.self) { try run(MasksImporter(classSource: .folder)) }
  }

  @Test func magneticTiles() throws {
    // Clean masks hold 0 and 1; one defect's mask is empty.
    try temporary.write(picture(1), "src/MT_Free/Imgs/f.jpg", as: .jpeg)
    try temporary.write(Image(width: 20, height: 16, filledWith: 1), "src/MT_Free/Imgs/f.png")
    try temporary.write(picture(2), "src/MT_Crack/Imgs/c.jpg", as: .jpeg)
    try temporary.write(rectangle(box).image, "src/MT_Crack/Imgs/c.png")
    try temporary.write(picture(3), "src/MT_Crack/Imgs/e.jpg", as: .jpeg)
    try temporary.write(Image(width: 20, height: 16, filledWith: 0), "src/MT_Crack/Imgs/e.png")
    try temporary.write(picture(4), "src/MT_Crack/Imgs/lonely.jpg", as: .jpeg)
    let first = try run(MTDImporter())
    #expect(first.classes == ["Free": 1, "Crack": 2])
    #expect(first.problems.map(\.path) == ["MT_Crack/Imgs/lonely.jpg"])
    #expect(first.notes[0].hasPrefix("No groups.csv"))
    #expect(first.notes[1].contains("labelled as a whole: Crack/e.jpg"))
    let set = try set()
    #expect(set.images.map(\.fileName) == ["Crack/c.jpg", "Crack/e.jpg", "Free/f.jpg"])
    #expect(set.images[1].annotations.count == 1 && set.mask(of: set.images[1]) == nil)
    let groups = "file,group\nMT_Free/Imgs/f.jpg,t1\nMT_Crack/Imgs/c.jpg,t1\nMT_Crack/Imgs/e.jpg,t2\n"
    try temporary.write(Data(groups.utf8), "src/groups.csv")
    _ = try run(MTDImporter())
    #expect(try self.set().images.map(\.group) == ["t1", "t2", "t1"])
    try temporary.write(Data((groups + "MT_Crack/Imgs/e.jpg,t3\n").utf8), "src/groups.csv")
    #expect { try run(MTDImporter()) } throws: { "\($0)".contains("groups.csv: line 5") }
  }

  @Test(arguments: [
    (ELPVImporter.CellType.all, ELPVImporter.Uncertain.drop, 2, 1), (.mono, .drop, 1, 1), (.poly, .drop, 1, 0),
    (.all, .clean, 4, 1), (.all, .defective, 2, 3),
  ])
  func solarCells(
    _ type: ELPVImporter.CellType, _ uncertain: ELPVImporter.Uncertain, _ clean: Int, _ defective: Int
  ) throws {
    let rows = [
      ("1", "1.0", "mono"), ("2", "0.0", "mono"), ("3", "0.0", "poly"), ("4", "0.3333333333333333", "poly"),
      ("5", "0.6666666666666666", "mono"),
    ]
    for (key, row) in rows.enumerated() {
      try temporary.write(picture(key), "src/elpv_dataset/data/images/\(row.0).png")
    }
    let labels = rows.map { "images/\($0.0).png  \($0.1)    \($0.2)" }.joined(separator: "\n")
    try temporary.write(Data(labels.utf8), "src/elpv_dataset/data/labels.csv")
    let summary = try run(ELPVImporter(type: type, uncertain: uncertain))
    #expect(summary.classes == ["Functional": clean, "Defective": defective])
    #expect(summary.notes.contains { $0.contains("left out") } == (uncertain == .drop))
    for wrong in ["../1.png 1 mono", "images/1.png 2 mono", "images/1.png 1 all", "images/1.png 1"] {
      try temporary.write(Data(wrong.utf8), "src/elpv_dataset/data/labels.csv")
      #expect(throws: InputError.self, "\(wrong)") { try run(ELPVImporter()) }
    }
  }

  @Test func unpairedCollectionsKeepTheirSplit() throws {
    for (key, folder) in ["trainA", "trainB", "testA", "testB", "valB"].enumerated() {
      try temporary.write(picture(key), "src/\(folder)/\(key).png")
    }
    let summary = try run(ABImporter(clean: "horse", category: "zebra"))
    #expect(summary.classes == ["horse": 2, "zebra": 3])
    #expect(summary.splits == ["train": 2, "test": 2, "validation": 1])
    #expect(try set().images(inClass: "zebra", split: .validation).map(\.fileName) == ["valB/4.png"])
    try FileManager.default.removeItem(at: temporary["src/testA"])
    #expect { try run(ABImporter()) } throws: { "\($0)".contains("no testA") }
  }

  @Test func nothingReadableIsAnError() throws {
    try temporary.write(Data(), "src/a/x.png")
    #expect(throws: InputError.self) { try run(FoldersImporter()) }
    #expect(throws: InputError.self) { try run(MTDImporter()) }
    #expect(throws: InputError.self) { try run(ELPVImporter()) }
    #expect(throws: InputError.self) {
      try ImportRun(from: temporary["none"], to: temporary["set"]).run(FoldersImporter())
    }
    #expect(try temporary.names() == ["src"])
  }
}
