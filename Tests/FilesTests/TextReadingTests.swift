import Files
import Foundation
import Testing

struct TextReadingTests {
  @Test(arguments: ["a\nb\n\n c", "a\r\nb\r\n\r\n c\r\n", "a\rb\r\r c", "\u{feff}a\nb\n\n\tc \t"])
  func linesEndInAnyWay(text: String) throws {
    let lines = try TextFile.lines(Data(text.utf8), at: "x")
    #expect(lines.map(\.text) == ["a", "b", "c"])
    #expect(lines.map(\.number) == [1, 2, 4])
  }

  @Test(arguments: [[0xff, 0xfe, 0x61, 0], [0xfe, 0xff, 0, 0x61], [0x61, 0xff], [0xc3]] as [[UInt8]])
  func otherTextIsRefused(bytes: [UInt8]) {
    #expect(throws: InputError.self) { try TextFile.lines(Data(bytes), at: "x") }
  }

  @Test(arguments: [
    ("[[[]]]", 3), ("{\"a\":[{\"b\":1}]}", 3), ("[\"[[[[\", \"\\\"[[[\"]", 1), ("1", 0), ("[],[],[]", 1), ("]]][", 1),
  ])
  func depthIsCountedOutsideOfText(json: String, depth: Int) throws {
    try JSONNesting.check(Data(json.utf8), at: "x", limit: depth)
    if depth > 0 {
      #expect(throws: InputError.self) { try JSONNesting.check(Data(json.utf8), at: "x", limit: depth - 1) }
    }
  }

  @Test func markedJSONIsRead() throws {
    let data = Data([0xef, 0xbb, 0xbf]) + Data("[1, 2]".utf8)
    #expect(try JSONFile.decode([Int].self, from: data, at: "x") == [1, 2])
    #expect { try JSONFile.decode([Int].self, from: Data("[NaN]".utf8), at: "x.json") } throws: {
      $0 is InputError && "\($0)".hasPrefix("x.json: ")
    }
  }
}
