import Foundation

/// Steps through a JSON file of long lists, of which it holds one element at a time.
///
/// It reads what it is asked for and nothing else: keys in the order in which they stand, each once, values one by one.
/// Whatever is otherwise is `Unexpected`, without a reason: whoever meets it reads the file with `JSONFile.read`, which takes
/// every order and says what is wrong.
public final class JSONStreamReader {
  /// The file does not have what was asked for at that place.
  public struct Unexpected: Error {}

  private let file: FileHandle
  private let decoder = JSONDecoder()
  private var buffer: [UInt8] = []
  private var position = 0
  /// For each object and list that is open, whether anything of it was read.
  private var isBegun: [Bool] = []
  /// The bytes of the value that was read last.
  private var piece: [UInt8] = []

  private static let bufferSize = 1 << 16
  private static let openings = Array("{[\"".utf8)
  private static let scalarStarts = Array("-0123456789tfn".utf8)

  /// - Throws: `Unexpected` for what is no file of at most `FileBytes.limit`.
  public init(_ url: URL) throws {
    var status = stat()
    guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= FileBytes.limit,
      let file = try? FileHandle(forReadingFrom: url)
    else { throw Unexpected() }
    self.file = file
    if try current() == 0xef { for byte in [0xef, 0xbb, 0xbf] as [UInt8] { try take(byte) } }
  }

  deinit { try? file.close() }

  /// Goes into the object that stands here.
  public func enterObject() throws { try enter(UInt8(ascii: "{")) }

  /// Goes into the list that stands here.
  public func enterList() throws { try enter(UInt8(ascii: "[")) }

  /// The next key of the object that is open; nil, and out of it, at its end.
  public func nextKey() throws -> String? {
    guard try hasNext(UInt8(ascii: "}")) else { return nil }
    let key = try value(String.self)
    try skipBlanks()
    try take(UInt8(ascii: ":"))
    return key
  }

  /// Goes past the next key of the object that is open.
  ///
  /// - Throws: `Unexpected` when it is another.
  public func key(_ name: String) throws {
    guard try nextKey() == name else { throw Unexpected() }
  }

  /// Goes out of the object that is open, of which everything was read.
  public func leaveObject() throws {
    guard try nextKey() == nil else { throw Unexpected() }
  }

  /// The next element of the list that is open; nil, and out of it, at its end.
  public func element<Value: Decodable>(_ type: Value.Type) throws -> Value? {
    try hasNext(UInt8(ascii: "]")) ? value(type) : nil
  }

  /// The value that stands here.
  public func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try scan(keeping: true)
    return try decoder.decode(type, from: Data(piece))
  }

  /// Goes past the value that stands here. Nobody looks at whether it is JSON.
  public func skip() throws { try scan(keeping: false) }

  /// - Throws: `Unexpected` when anything follows.
  public func end() throws {
    try skipBlanks()
    guard isBegun.isEmpty, try current() == nil else { throw Unexpected() }
  }

  // MARK: Bytes

  /// nil at the end of the file.
  private func current() throws -> UInt8? {
    if position == buffer.count {
      buffer = try file.read(upToCount: Self.bufferSize).map(Array.init) ?? []
      position = 0
    }
    return position < buffer.count ? buffer[position] : nil
  }

  private func take(_ byte: UInt8) throws {
    guard try current() == byte else { throw Unexpected() }
    position += 1
  }

  private func skipBlanks() throws {
    while let byte = try current(), Self.isBlank(byte) { position += 1 }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\t")
  }

  private func enter(_ bracket: UInt8) throws {
    try skipBlanks()
    try take(bracket)
    isBegun.append(false)
  }

  /// Goes to the next entry, or out at the closing bracket.
  private func hasNext(_ bracket: UInt8) throws -> Bool {
    guard let begun = isBegun.last else { throw Unexpected() }
    try skipBlanks()
    if try current() == bracket {
      position += 1
      isBegun.removeLast()
      return false
    }
    if begun { try take(UInt8(ascii: ",")) }
    isBegun[isBegun.count - 1] = true
    return true
  }

  /// Goes past one value, by its quotes and brackets alone; whoever decodes it sees whether it is one.
  private func scan(keeping: Bool) throws {
    try skipBlanks()
    piece.removeAll(keepingCapacity: true)
    guard let first = try current() else { throw Unexpected() }
    let isScalar = Self.scalarStarts.contains(first)
    guard isScalar || Self.openings.contains(first) else { throw Unexpected() }
    var place = Place(isScalar: isScalar)
    while try current() != nil {
      let start = position
      let isDone = try place.advance(&position, in: buffer, deepest: JSONNesting.limit - isBegun.count)
      if keeping { piece += buffer[start..<position] }
      if isDone { return }
    }
    throw Unexpected()  // The file ends before the value does.
  }

  /// Where in a value the reading stands.
  private struct Place {
    let isScalar: Bool
    private var depth = 0
    private var isText = false
    private var isEscaped = false

    init(isScalar: Bool) { self.isScalar = isScalar }

    /// Moves `position` past the value, or to the end of the bytes.
    ///
    /// - Returns: whether the value ends there.
    mutating func advance(_ position: inout Int, in bytes: [UInt8], deepest: Int) throws -> Bool {
      while position < bytes.count {
        let byte = bytes[position]
        // No JSON holds others, and a parser might take them for text of two bytes a character.
        guard byte >= 0x20 || !isText && JSONStreamReader.isBlank(byte) else { throw Unexpected() }
        if isScalar {
          if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
            || JSONStreamReader.isBlank(byte)
          {
            return true
          }
          position += 1
          continue
        }
        position += 1
        if isText {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isText = false
            if depth == 0 { return true }
          }
        } else if byte == UInt8(ascii: "\"") {
          isText = true
        } else if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
          depth += 1
          guard depth <= deepest else { throw Unexpected() }
        } else if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") {
          depth -= 1
          if depth == 0 { return true }
        }
      }
      return false
    }
  }
}
