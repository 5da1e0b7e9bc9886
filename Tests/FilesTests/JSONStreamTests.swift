import Foundation
import TestFolders
import Testing

@testable import Files

struct JSONStreamTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  struct Entry: Codable, Equatable, Sendable {
    var name: String
    var numbers: [Double] = []
    var rest: String?
  }

  struct Table: Codable, Equatable {
    var entries: [Entry]
    var inner: [String: [String]] = [:]
    var last = 1
  }

  static let texts = [
    "", "plain", "line\nbreak\r\n", "\"quoted\" [ ] { } , :", "back\\slash\\\"", "a/b", "tab\t\u{1}\u{7f}",
    "ä é\u{301} \u{2028} 😀",
  ]

  static func entries(_ count: Int) -> [Entry] {
    (0..<count).map { index in
      Entry(
        name: texts[index % texts.count] + "\(index)", numbers: index % 3 == 0 ? [] : [Double(index) / 7, -1e-9, 1e21],
        rest: index % 2 == 0 ? nil : String(repeating: "x", count: index % 50))
    }
  }

  private func streamed(_ table: Table) throws -> Data {
    try JSONFile.encode { file in try write(table, file) }
  }

  private func write(_ table: Table, _ file: JSONStreamWriter) throws {
    try file.list(forKey: "entries") { for entry in table.entries { try file.element(entry) } }
    try file.object(forKey: "inner") {
      for (key, list) in table.inner.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
        try file.list(forKey: key) { for text in list { try file.element(text) } }
      }
    }
    try file.value(table.last, forKey: "last")
  }

  private func file(_ bytes: Data) throws -> URL {
    try bytes.write(to: folder["table.json"])
    return folder["table.json"]
  }

  /// Some numbers of entries fill several buffers.
  @Test(arguments: [0, 1, 2, 7, 300, 5000])
  func writesTheBytesOfTheWhole(_ count: Int) throws {
    var table = Table(entries: Self.entries(count))
    #expect(try streamed(table) == JSONFile.encode(table))
    for (index, text) in Self.texts.enumerated() { table.inner[text] = Array(Self.texts.prefix(index)) }
    let whole = try JSONFile.encode(table)
    #expect(try streamed(table) == whole)
    try JSONFile.write(to: folder["streamed.json"]) { try write(table, $0) }
    #expect(try Data(contentsOf: folder["streamed.json"]) == whole)
  }

  /// Whatever the lengths, so that the ends of buffers lie everywhere in an entry.
  @Test func writesTheBytesOfTheWholeAtEveryBorder() throws {
    for length in (1 << 16) - 120..<(1 << 16) + 20 {
      let table = Table(entries: [
        Entry(name: String(repeating: "n", count: length)), Entry(name: "a\nb"), Entry(name: ""),
      ])
      #expect(try streamed(table) == JSONFile.encode(table))
    }
  }

  @Test func aFailureLeavesTheOldFile() throws {
    struct Interrupted: Error {}
    try AtomicFile.write("old", to: folder["table.json"])
    #expect(throws: Interrupted.self) {
      try JSONFile.write(to: folder["table.json"]) { file in
        try file.list(forKey: "a") {
          for entry in Self.entries(3000) { try file.element(entry) }
          throw Interrupted()
        }
      }
    }
    #expect(try String(contentsOf: folder["table.json"], encoding: .utf8) == "old")
    #expect(try folder.names() == ["table.json"])
  }

  private func read(_ url: URL) throws -> Table {
    var table = Table(entries: [])
    let file = try JSONStreamReader(url)
    try file.enterObject()
    try file.key("entries")
    try file.enterList()
    while let entry = try file.element(Entry.self) { table.entries.append(entry) }
    try file.key("inner")
    try file.enterObject()
    while let key = try file.nextKey() { table.inner[key] = try file.value([String].self) }
    try file.key("last")
    table.last = try file.value(Int.self)
    try file.leaveObject()
    try file.end()
    return table
  }

  @Test(arguments: [0, 1, 2, 7, 300, 5000])
  func readsWhatWasWritten(_ count: Int) throws {
    var table = Table(entries: Self.entries(count))
    for (index, text) in Self.texts.enumerated() { table.inner[text] = Array(Self.texts.prefix(index)) }
    #expect(try read(file(JSONFile.encode(table))) == table)
    let compact = try JSONEncoder().encode(table)
    let order = try JSONEncoder.sorted.encode(table)
    #expect(compact.count == order.count)
    #expect(try read(file(Data([0xef, 0xbb, 0xbf]) + order)) == table)
  }

  @Test func goesPastValues() throws {
    let reader = try JSONStreamReader(
      file(
        Data(#"{ "a" : [ {"x": "]}\\\"]"}, [[], 1.5] ] , "b":-1.5e3,"c":"\\", "d" : null,"e":[true,false,null] }"#.utf8)
      ))
    try reader.enterObject()
    try reader.key("a")
    try reader.skip()
    try reader.key("b")
    try reader.skip()
    try reader.key("c")
    #expect(try reader.value(String.self) == "\\")
    try reader.key("d")
    try reader.skip()
    try reader.key("e")
    #expect(try reader.value([Bool?].self) == [true, false, nil])
    try reader.leaveObject()
    try reader.end()
  }

  /// As deep as `JSONNesting` allows, in all.
  @Test(arguments: [1, 63, 64, 70]) func goesAsDeepAsTheWhole(_ depth: Int) throws {
    let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    let text = Data(#"{"a":\#(value),"b":1}"#.utf8)
    let reader = try JSONStreamReader(file(text))
    try reader.enterObject()
    try reader.key("a")
    let isAllowed = (try? JSONNesting.check(text, at: "")) != nil
    #expect(isAllowed == (depth < JSONNesting.limit))
    #expect(((try? reader.skip()) != nil) == isAllowed)
  }

  /// The end of what is read at a time lies at each byte of a table once.
  @Test func readsOverEveryBorder() throws {
    let table = Table(
      entries: [Entry(name: "a\"\\\n", numbers: [1.25], rest: "ä")], inner: ["k\\": ["v", ""]], last: -17)
    let bytes = try JSONFile.encode(table)
    for shift in 0...bytes.count {
      #expect(try read(file(Data(repeating: 0x20, count: (1 << 16) - shift) + bytes)) == table)
    }
  }

  static let good = #"{"entries":[{"name":"a","numbers":[1]}],"inner":{"k":["v"]},"last":1}"#

  @Test(arguments: [
    ("\"entries\"", "\"others\""), ("[{", "{"), ("}]", "}"), ("}]", "},]"), ("}]", "} {}]"), ("[1]", "[1}"),
    ("[1]", "[1 2]"),
    (":1}", ":1"), (":1}", ":1}}"), (":1}", ":1,}"), (":1}", ":}"), (":1}", ":1 2}"), (":1}", ":1}x"), (":1}", ":[1]}"),
    ("\"last\"", "last"), ("\"last\"", "\"last\",\"last\""), (",\"last\"", "\"last\""), (",\"last\":1", ""),
    ("\"a\"", "\"a"),
    ("\"a\"", "\"a\n\""), ("\"a\"", "\"\u{0}\""), ("[1]", "[1\u{0}]"), ("{\"e", "[\"e"), (":{", ":{,"),
    ("\"k\":", "\"k\""),
    ("\"k\":[\"v\"]", "\"k\":[\"v\"]]"), ("\"inner\"", "\"entries\""), ("\"a\"", "\"\\ud800\""), ("[1]", "\u{feff}[1]"),
    ("[1]", String(repeating: "[", count: 70) + String(repeating: "]", count: 70)),
  ])
  func anythingElseIsAnError(_ old: String, _ new: String) throws {
    #expect(try read(file(Data(Self.good.utf8))).entries.count == 1)
    let range = try #require(Self.good.range(of: old))
    let bad = try file(Data(Self.good.replacingCharacters(in: range, with: new).utf8))
    #expect(throws: (any Error).self) { try read(bad) }
  }

  /// Two bytes a character, which a parser of whole files takes for what it is; a part of a file never is.
  @Test func otherEncodingsAreErrors() throws {
    for encoding in [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian, .utf32] {
      let bytes = try #require(Self.good.data(using: encoding))
      #expect(throws: (any Error).self) { try read(file(bytes)) }
    }
    var inside = Data(Self.good.utf8)
    let value = try #require("1".data(using: .utf16LittleEndian))
    inside.replaceSubrange(inside.count - 2..<inside.count - 1, with: value)
    #expect(throws: (any Error).self) { try read(file(inside)) }
  }

  @Test func aMissingFileIsAnError() {
    #expect(throws: JSONStreamReader.Unexpected.self) { try JSONStreamReader(folder["none.json"]) }
    #expect(throws: JSONStreamReader.Unexpected.self) { try JSONStreamReader(folder.url) }
  }

  @Test func whatIsPutAsideComesBackInAnyOrder() throws {
    let entries = Self.entries(100)
    let spool = try SpoolFile(in: folder.url)
    #expect(try folder.names() == [])
    var pieces = try entries.prefix(50).map { try spool.append($0) }
    #expect(try spool.read(Entry.self, at: pieces[7]) == entries[7])
    pieces += try entries.dropFirst(50).map { try spool.append($0) }
    for index in pieces.indices.reversed() { #expect(try spool.read(Entry.self, at: pieces[index]) == entries[index]) }
    #expect(throws: InputError.self) { try SpoolFile(in: folder["none"]) }
  }
}

extension JSONEncoder {
  fileprivate static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return encoder
  }
}
