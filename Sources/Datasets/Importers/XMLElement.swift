import Files
import Foundation

/// One element of an XML text that nobody vouches for.
///
/// A small strict reader of its own: no document type is read, so there are no entities that grow or reach for other files.
/// Attributes are checked and dropped. Not a whole XML processor: names are not checked against the standard's tables.
struct XMLElement: Equatable, Sendable {
  let name: String
  /// All text directly within, blanks at both ends removed.
  fileprivate(set) var text: String
  fileprivate(set) var children: [XMLElement]

  /// The most bytes that are read, and levels of elements.
  static let byteLimit = 16 << 20
  static let depthLimit = 32

  /// The first child of that name.
  func child(_ name: String) -> XMLElement? { children.first { $0.name == name } }

  /// The root of a text.
  ///
  /// - Throws: `InputError` naming `place` and the line for anything else than well-formed XML in UTF-8.
  static func parse(_ data: Data, at place: String) throws -> XMLElement {
    guard data.count <= byteLimit else {
      throw InputError(at: place, expected: "at most \(byteLimit >> 20) MiB of XML", found: "\(data.count) bytes")
    }
    var parser = XMLParser(Array(try TextFile.text(data, at: place).utf8))
    do {
      return try parser.root()
    } catch let problem as XMLParser.Problem {
      throw InputError(at: "\(place): line \(parser.line)", expected: problem.expected, found: problem.found)
    }
  }
}

private struct XMLParser {
  struct Problem: Error {
    let expected: String
    let found: String
  }

  /// What ends a name, beside blanks.
  private static let marks = Array("<>/=&\"'".utf8)

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var line: Int { bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1 }

  mutating func root() throws -> XMLElement {
    // Elements that are open, outermost first: a stack of its own, so that deep nesting costs no calls.
    var open: [(element: XMLElement, text: [UInt8])] = []
    while true {
      guard position < bytes.count else { throw Problem(expected: "a whole XML text", found: "one that breaks off") }
      if bytes[position] != UInt8(ascii: "<") {
        let text = try characters()
        if !open.isEmpty {
          open[open.count - 1].text += text
        } else if !text.allSatisfy(Self.isBlank) {
          throw Problem(expected: "XML", found: "text outside of any element")
        }
      } else if skip("<!--") {
        try skipPast("-->", "a comment")
      } else if skip("<![CDATA[") {
        guard !open.isEmpty else { throw Problem(expected: "an element", found: "text outside of any element") }
        let start = position
        try skipPast("]]>", "CDATA")
        open[open.count - 1].text += bytes[start..<position - 3]
      } else if skip("<?") {
        try skipPast("?>", "an instruction")
      } else if skip("<!") {
        throw Problem(expected: "XML without a document type", found: "one, which could hold entities")
      } else if skip("</") {
        let name = try name()
        skipBlanks()
        guard skip(">"), let (element, text) = open.popLast(), element.name == name else {
          throw Problem(expected: "</\(open.last?.element.name ?? "nothing")>", found: "</\(name)>")
        }
        let done = finished(element, text)
        if open.isEmpty { return try last(done) }
        open[open.count - 1].element.children.append(done)
      } else {
        position += 1
        let element = XMLElement(name: try name(), text: "", children: [])
        if try isEmptyElement() {
          if open.isEmpty { return try last(element) }
          open[open.count - 1].element.children.append(element)
        } else {
          guard open.count < XMLElement.depthLimit else {
            throw Problem(expected: "at most \(XMLElement.depthLimit) levels of elements", found: "more")
          }
          open.append((element, []))
        }
      }
    }
  }

  private func finished(_ element: XMLElement, _ text: [UInt8]) -> XMLElement {
    var element = element
    let start = text.firstIndex { !Self.isBlank($0) } ?? text.endIndex
    let end = text.lastIndex { !Self.isBlank($0) } ?? text.startIndex
    if start <= end, start < text.endIndex { element.text = String(decoding: text[start...end], as: UTF8.self) }
    return element
  }

  /// After the root nothing but blanks, comments and instructions may come.
  private mutating func last(_ root: XMLElement) throws -> XMLElement {
    while position < bytes.count {
      if Self.isBlank(bytes[position]) {
        position += 1
      } else if skip("<!--") {
        try skipPast("-->", "a comment")
      } else if skip("<?") {
        try skipPast("?>", "an instruction")
      } else {
        throw Problem(expected: "the end after </\(root.name)>", found: "more")
      }
    }
    return root
  }

  /// Text up to the next "<", references replaced.
  private mutating func characters() throws -> [UInt8] {
    var text: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
      if bytes[position] == UInt8(ascii: "&") {
        text += try reference()
      } else {
        text.append(bytes[position])
        position += 1
      }
    }
    return text
  }

  private mutating func reference() throws -> [UInt8] {
    let rest = bytes[position...].prefix(12)
    guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else {
      throw Problem(expected: "&amp; for an '&'", found: "an '&' alone")
    }
    let name = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
    position = end + 1
    let known: [String: Character] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let character = known[name] { return Array(String(character).utf8) }
    let number =
      name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
    guard let number, number == 9 || number == 10 || number == 13 || number >= 32,
      let scalar = Unicode.Scalar(number)
    else {
      throw Problem(expected: "one of XML's own five entities, or a character's number", found: "&\(name);")
    }
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func name() throws -> String {
    let start = position
    while position < bytes.count, !Self.isBlank(bytes[position]), !Self.marks.contains(bytes[position]) {
      position += 1
    }
    guard position > start, position - start <= 256 else {
      throw Problem(expected: "a name of 1 to 256 bytes", found: "\(position - start)")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Passes over attributes to the tag's end.
  private mutating func isEmptyElement() throws -> Bool {
    while true {
      skipBlanks()
      if skip("/>") { return true }
      if skip(">") { return false }
      guard position < bytes.count else { throw Problem(expected: "a whole tag", found: "one that breaks off") }
      _ = try name()
      skipBlanks()
      guard skip("=") else { throw Problem(expected: "= after an attribute", found: "something else") }
      skipBlanks()
      guard position < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[position]) else {
        throw Problem(expected: "a quoted attribute", found: "something else")
      }
      let quote = bytes[position]
      position += 1
      while position < bytes.count, bytes[position] != quote {
        guard bytes[position] != UInt8(ascii: "<") else { throw Problem(expected: "a closing quote", found: "'<'") }
        if bytes[position] == UInt8(ascii: "&") { _ = try reference() } else { position += 1 }
      }
      guard position < bytes.count else { throw Problem(expected: "a closing quote", found: "the end") }
      position += 1
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard count <= bytes.count - min(position, bytes.count) else { return false }
    let fits = word.withUTF8Buffer { buffer in bytes[position..<position + count].elementsEqual(buffer) }
    if fits { position += count }
    return fits
  }

  private mutating func skipPast(_ word: StaticString, _ what: String) throws {
    while position < bytes.count {
      if skip(word) { return }
      position += 1
    }
    throw Problem(expected: "the end of \(what)", found: "none")
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
