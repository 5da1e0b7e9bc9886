import Files
import Foundation

/// What `data.yaml` says of a YOLO data set: names of classes, and which folders belong to which split.
///
/// Reads the part of YAML in which such files are written: `key: value`, lists and maps in brackets or one level deep by
/// indentation, quotes, comments. Keys that mean nothing here are passed over.
public struct YOLODescription: Equatable, Sendable {
  /// By class, from 0 on without a gap.
  public let names: [String]
  /// Folders as they stand there.
  public let splits: [Split: [String]]

  /// - Throws: `InputError` naming `place` and line when there are no names, or they are written in another way.
  public static func parse(_ data: Data, at place: String) throws -> YOLODescription {
    guard data.count <= 1 << 20 else {
      throw InputError(at: place, expected: "at most 1 MiB", found: "\(data.count) bytes")
    }
    var reader = Reader(place: place)
    for (number, line) in try TextFile.text(data, at: place).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() { try reader.read(line, number + 1) }
    try reader.finish()
    let names = try reader.names()
    var splits: [Split: [String]] = [:]
    for (key, split) in [("train", Split.train), ("val", .validation), ("valid", .validation), ("test", .test)] {
      if let folders = reader.values[key]?.map(\.text).filter({ !$0.isEmpty }), !folders.isEmpty {
        splits[split, default: []] += folders
      }
    }
    return YOLODescription(names: names, splits: splits)
  }

  /// Names in a file of one name a line (`classes.txt`, `obj.names`).
  ///
  /// - Throws: `InputError` naming `place` for names that cannot be.
  public static func names(_ data: Data, at place: String) throws -> [String] {
    try check(TextFile.lines(data, at: place).map { String($0.text) }, at: place)
  }

  static func check(_ names: [String], at place: String) throws -> [String] {
    var seen: Set<String> = []
    for name in names {
      if let problem = DatasetForm.problem(inName: name) {
        throw InputError(at: place, expected: "names of classes", found: problem)
      }
      guard seen.insert(name).inserted else {
        throw InputError(at: place, expected: "each class once", found: "'\(name)' twice")
      }
    }
    guard (1...10_000).contains(names.count) else {
      throw InputError(at: place, expected: "1 to 10000 names of classes", found: "\(names.count)")
    }
    return names
  }
}

/// Collects the values of the keys at the left margin.
private struct Reader {
  let place: String
  /// By key: a value for each entry, with its own key for entries of a map.
  var values: [String: [(key: String?, text: String)]] = [:]
  private var key: String?
  /// Text of a value in brackets that goes on over several lines.
  private var brackets: String?
  private var lastLine = 0
  private static let wanted: Set<String> = ["names", "train", "val", "valid", "test"]

  init(place: String) { self.place = place }

  mutating func read(_ line: Substring, _ number: Int) throws {
    lastLine = number
    let text = uncommented(line)
    let trimmed = text.drop { $0 == " " || $0 == "\t" }
    guard !trimmed.isEmpty, trimmed != "---" else { return }
    if let open = brackets {
      brackets = open + " " + trimmed
      try closeBrackets()
      return
    }
    let isIndented = trimmed.count < text.count || trimmed.hasPrefix("- ")
    if isIndented {
      guard let key else { return }
      let entry = trimmed.hasPrefix("- ") ? trimmed.dropFirst(2).drop { $0 == " " } : trimmed
      values[key, default: []].append(trimmed.hasPrefix("- ") ? (nil, unquoted(entry)) : pair(entry))
      return
    }
    guard let colon = trimmed.firstIndex(of: ":") else { throw problem("a key with ':'", "'\(trimmed.prefix(60))'") }
    let name = unquoted(trimmed[..<colon])
    guard Self.wanted.contains(name) else {
      key = nil
      return
    }
    key = name
    guard values[name] == nil else { throw problem("each key once", "'\(name)' again") }
    values[name] = []
    let value = trimmed[trimmed.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    if value.hasPrefix("[") || value.hasPrefix("{") {
      brackets = String(value)
      try closeBrackets()
    } else if !value.isEmpty, value != "null", value != "~" {
      values[name] = [(nil, unquoted(value))]
    }
  }

  func finish() throws {
    if brackets != nil { throw problem("a closing bracket", "the end of the file") }
  }

  func names() throws -> [String] {
    guard let entries = values["names"], !entries.isEmpty else {
      throw InputError(at: place, expected: "names of classes under 'names'", found: "none", remedy: "Or give --classes")
    }
    guard entries[0].key != nil else { return try YOLODescription.check(entries.map(\.text), at: place) }
    var byID: [Int: String] = [:]
    for entry in entries {
      guard let id = entry.key.flatMap({ Int($0) }), byID.updateValue(entry.text, forKey: id) == nil else {
        throw InputError(at: place, expected: "names by numbers of their own", found: "'\(entry.key ?? entry.text)'")
      }
    }
    let names = (0..<byID.count).compactMap { byID[$0] }
    guard names.count == byID.count else {
      throw InputError(at: place, expected: "names for the classes 0 to \(byID.count - 1)", found: "others")
    }
    return try YOLODescription.check(names, at: place)
  }

  private mutating func closeBrackets() throws {
    guard let text = brackets, let first = text.first, let key else { return }
    guard text.utf8.count <= 1 << 20 else { throw problem("a shorter list", "one of 1 MiB") }
    let close: Character = first == "[" ? "]" : "}"
    guard text.last == close else { return }
    brackets = nil
    for entry in parts(text.dropFirst().dropLast()) {
      let entry = entry.drop { $0 == " " }
      guard !entry.isEmpty else { continue }
      guard !entry.hasPrefix("["), !entry.hasPrefix("{") else { throw problem("a list of names", "a list of lists") }
      values[key, default: []].append(first == "[" ? (nil, unquoted(entry)) : pair(entry))
    }
  }

  /// Split at commas outside of quotes.
  private func parts(_ text: Substring) -> [Substring] {
    var parts: [Substring] = []
    var quote: Character?
    var start = text.startIndex
    for index in text.indices {
      let character = text[index]
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      } else if quote == nil, character == "," {
        parts.append(text[start..<index])
        start = text.index(after: index)
      }
    }
    return parts + [text[start...]]
  }

  private func pair(_ text: Substring) -> (key: String?, text: String) {
    guard let colon = text.firstIndex(of: ":") else { return (nil, unquoted(text)) }
    return (unquoted(text[..<colon]), unquoted(text[text.index(after: colon)...]))
  }

  /// Without blanks and quotes around; a doubled quote within single ones, and an escaped one within double ones, is one.
  private func unquoted(_ text: Substring) -> String {
    let text = text.drop { $0 == " " || $0 == "\t" }
    let end = text.lastIndex { $0 != " " && $0 != "\t" }
    let trimmed = end.map { text[...$0] } ?? ""
    guard trimmed.count > 1, let quote = trimmed.first, quote == trimmed.last, quote == "\"" || quote == "'" else {
      return String(trimmed)
    }
    let inner = String(trimmed.dropFirst().dropLast())
    return quote == "'"
      ? inner.replacing("''", with: "'") : inner.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
  }

  /// Without a comment, and without blanks at the end.
  private func uncommented(_ line: Substring) -> Substring {
    var quote: Character?
    var before: Character = " "
    var end = line.endIndex
    for index in line.indices {
      let character = line[index]
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'", !before.isLetter {
        quote = character
      } else if quote == nil, character == "#", before == " " || before == "\t" {
        end = index
        break
      }
      before = character
    }
    let kept = line[..<end]
    return kept.lastIndex { $0 != " " && $0 != "\t" }.map { kept[...$0] } ?? ""
  }

  private func problem(_ expected: String, _ found: String) -> InputError {
    InputError(at: "\(place): line \(lastLine)", expected: expected, found: found)
  }
}
