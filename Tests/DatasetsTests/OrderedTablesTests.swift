import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// The tables of a data set written and read an image at a time, compared with the same as a whole.
struct OrderedTablesTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// Names of which some come in another order as bytes than as text.
  static let names = [
    "b.png", "a_x10.png", "a_x2.png", "a-1_x2.png", "a/z.png", "B.png", "e\u{301}.png", "ez.png", "f.png", "\u{e4}.png",
    "10.png",
    "9.png", "quote \".png", "a b.png", "é\u{fb00}.png",
  ]

  @discardableResult
  private func make(
    _ name: String = "set", names: [String] = names, isSplit: Bool = true, replacing: Bool = false, firstKey: Int = 0
  ) throws -> Dataset {
    let writer = try DatasetWriter(
      to: temporary[name], description: "Line\nbreak \"and\" quotes", cleanName: "Free",
      categories: ["Hole", "Crack/ä"],
      replacing: replacing)
    for (key, name) in zip(firstKey..., names) {
      let labels: [DatasetWriter.Label] = [
        .init("Hole", mask: rectangle(PixelBox(x: key % 5, y: 2, width: 5, height: 4))),
        .init("Crack/ä", box: Annotation.Box(x: 0.1, y: 1 / 3, width: Double(key) / 7 + 0.5, height: 7)), .init("Hole"),
      ]
      var origin = Provenance(source: "raw/\(key)\n.png", group: "tile\(key / 2)")
      if key % 3 == 0 {
        origin.sourceImage = "big.png"
        origin.box = PixelBox(x: 7, y: 8, width: 20, height: 16)
        origin.sourceAnnotations = key % 2 == 0 ? [] : [4, 5]
        origin.synthetic = .init(model: "m", seed: .max, step: 12, source: "b/clean.png", sourceSplit: "train")
        origin.window = 0...65535
      }
      try writer.add(
        picture(key), as: name, labels: Array(labels.prefix(key % 4)),
        split: isSplit && key % 4 < 3 ? Split.allCases[key % 4] : nil, provenance: origin)
    }
    return try writer.finish()
  }

  private func ordered(_ folder: URL) throws -> Dataset {
    var images: [DatasetImage] = []
    let head = try OrderedTables(reader: DatasetReader(folder: folder)).read { images.append($0) }
    return Dataset(folder: folder, head: head, images: images)
  }

  private func whole(_ folder: URL) throws -> Dataset {
    let (head, images) = try DatasetReader(folder: folder).readWhole()
    return Dataset(folder: folder, head: head, images: images)
  }

  private func areEqual(_ one: Dataset, _ other: Dataset) -> Bool {
    one.images == other.images && one.categories == other.categories && one.cleanName == other.cleanName
      && one.description == other.description && one.folder.path == other.folder.path
  }

  @Test(arguments: [0, 1, 2, 15], [false, true])
  func tablesAreTheBytesOfTheWhole(_ count: Int, _ isSplit: Bool) throws {
    let set = try make(names: Array(Self.names.prefix(count)), isSplit: isSplit)
    #expect(set.images.count == count)
    func check<Form: Codable>(_ type: Form.Type, _ file: String) throws {
      let url = set.folder.appendingPathComponent(file)
      #expect(try Data(contentsOf: url) == JSONFile.encode(JSONFile.read(type, from: url)), "\(file)")
    }
    try check(DatasetForm.Annotations.self, DatasetForm.annotations)
    try check(DatasetForm.Splits.self, DatasetForm.splits)
    try check(DatasetForm.Origins.self, DatasetForm.provenance)
    #expect(try temporary.names(in: "set") == ["annotations.json", "images", "provenance.json", "splits.json"])
  }

  /// Of names in one order as text and as bytes nothing is read as a whole; of others it is, with the same result.
  @Test func readsWhatTheWholeReads() throws {
    let plain = try make("plain", names: Self.names.filter { $0.utf8.count == $0.count })
    #expect(try areEqual(ordered(plain.folder), whole(plain.folder)))
    #expect(try areEqual(plain, whole(plain.folder)))
    #expect(plain.images.count > 9 && plain.images.contains { $0.annotations.count > 2 })
    let mixed = try make("mixed")
    #expect(throws: (any Error).self) { try ordered(mixed.folder) }
    #expect(try areEqual(mixed, whole(mixed.folder)))
    #expect(mixed.images.map(\.fileName) == Self.names.sorted())
  }

  @Test func readsASplitThatWasMadeLater() throws {
    let set = try make(names: (0..<24).map { "p\($0).png" }, isSplit: false)
    let split = try Splitter(seed: 3).split(set)
    #expect(try areEqual(ordered(set.folder), split))
    #expect(try areEqual(whole(set.folder), split))
    // One that replaces it takes the frozen split over, in the bytes of the whole.
    let again = try make(names: (5..<24).map { "p\($0).png" }, isSplit: false, replacing: true)
    let url = again.folder.appendingPathComponent(DatasetForm.splits)
    let form = try JSONFile.read(DatasetForm.Splits.self, from: url)
    #expect(form.frozen?.contents == FrozenSplit(of: split).contents)
    #expect(try Data(contentsOf: url) == JSONFile.encode(form))
    #expect(!again.isSplit)
    // With none of its test images left it does not.
    try make(names: ["p99.png"], isSplit: false, replacing: true, firstKey: 99)
    #expect(try FrozenSplit(frozenAt: again.folder) == nil)
  }

  /// Changes to good tables that are wrong, or right in another order: in no case may reading an image at a time say
  /// otherwise than reading the whole.
  @Test(arguments: [
    ("annotations", #""id" : 2,"#, #""id" : 1,"#), ("annotations", #""id" : 2,"#, #""id" : 200,"#),
    // An image without annotations that takes the id of the one before.
    ("annotations", "\"id\" : 5,\n      \"width\"", "\"id\" : 4,\n      \"width\""),
    ("annotations", #""image_id" : 2"#, #""image_id" : 3"#), ("annotations", #""image_id" : 2"#, #""image_id" : 300"#),
    ("annotations", #""category_id" : 1"#, #""category_id" : 7"#), ("annotations", #""width" : 20"#, #""width" : 0"#),
    ("annotations", #""width" : 20"#, #""width" : 21"#), ("annotations", #""area" : 20"#, #""area" : -1"#),
    ("annotations", #""file_name" : "c.png""#, #""file_name" : "d.png""#), ("annotations", "c.png", "none.png"),
    ("annotations", "c.png", "../images/c.png"), ("annotations", #""clean_name" : "Free""#, #""clean_name" : "Hole""#),
    ("annotations", #""clean_name" : "Free""#, #""clean_name" : """#),
    ("annotations", #""name" : "Hole""#, #""name" : """#),
    ("annotations", #""info""#, #""more" : 1, "info""#), ("annotations", #""version" : "1""#, #""version" : 1"#),
    ("annotations", #""images""#, #""pictures""#), ("annotations", "\n}\n", "\n} {}\n"), ("annotations", "\n}\n", "\n"),
    ("annotations", #""iscrowd" : 0"#, #""iscrowd" : 0, "more" : [{"a" : "]"}]"#),
    ("annotations", #""iscrowd" : 0,"#, ""),
    ("provenance", #""c.png""#, #""d.png""#), ("provenance", #""c.png""#, #""x.png""#),
    ("provenance", #""version" : 1"#, #""version" : 2"#), ("provenance", #""group" : "tile1""#, #""group" : """#),
    ("provenance", #""sha256" : ""#, #""sha256" : "x"#), ("provenance", #""version" : 1"#, #""version" : 1, "z" : 2"#),
    ("provenance", #""version" : 1"#, #""version" : 1, "version" : 1"#),
    ("provenance", "7,\n        8,", "-7,\n        8,"),
    ("provenance", "\n}\n", ",\n}\n"), ("splits", #""c.png""#, #""x.png""#), ("splits", #""c.png""#, #""b.png""#),
    ("splits", #""version""#, #""groups" : {"c.png" : "new"}, "version""#),
    ("splits", #""version""#, #""groups" : {"c.png" : ""}, "version""#),
    ("splits", #""version""#, #""groups" : {"x.png" : "new"}, "version""#),
    ("splits", #""version" : 1"#, #""version" : 2"#),
  ])
  func saysNothingElseThanTheWhole(_ file: String, _ old: String, _ new: String) throws {
    let set = try make(names: ["a.png", "b.png", "c.png", "d.png", "e.png", "f.png"])
    #expect(throws: Never.self) { try ordered(set.folder) }
    let url = set.folder.appendingPathComponent("\(file).json")
    let text = try String(contentsOf: url, encoding: .utf8)
    let range = try #require(text.range(of: old, options: old.hasPrefix("\n") ? .backwards : []))
    try text.replacingCharacters(in: range, with: new).write(to: url, atomically: true, encoding: .utf8)
    let piecewise = try? ordered(set.folder)
    do {
      let expected = try whole(set.folder)
      #expect(try areEqual(Dataset(at: set.folder), expected))
      if let piecewise { #expect(areEqual(piecewise, expected)) }
    } catch let error as InputError {
      #expect(piecewise == nil)
      #expect(throws: error) { try Dataset(at: set.folder) }
    }
  }

  /// Whoever adds images up starts anew where the tables turn out to be in another order on the way.
  @Test func addsUpEachImageOnce() throws {
    let set = try make()
    let (head, names) = try DatasetReader(folder: set.folder).reduce(into: []) { $0.append($1.fileName) }
    #expect(names == Self.names.sorted())
    #expect(head.className(2) == "Crack/ä" && head.className(nil) == "Free" && head.className(9) == "Free")
  }

  @Test func namesWhatSharesAContent() throws {
    let digests = (0..<5).map { ContentHash.digest(Data([$0])) }
    var table = ContentTable()
    for (name, content) in [("z", 0), ("b", 1), ("y", 2), ("a", 1), ("x", 3), ("ä", 0), ("c", 1), ("m", 4), ("l", 4)] {
      table.add(name, digests[content])
    }
    #expect(table.repeated == [["a", "b", "c"], ["l", "m"], ["z", "ä"]])
    #expect(ContentTable().repeated.isEmpty)
    #expect(digests.sorted().map(\.description) == digests.map(\.description).sorted())
  }
}
