import Foundation

/// Writes a JSON object a piece at a time, in the very bytes in which `JSONFile.encode` writes the whole.
///
/// Encoding a long list at once takes many times the memory of its text.
public final class JSONStreamWriter {
  private let encoder = JSONFile.encoder
  private let take: (Data) throws -> Void
  private var buffer: [UInt8] = []
  /// For each object and list that is open, whether anything stands in it.
  private var isFilled: [Bool] = []
  /// The last key of each; they must come in the order of their UTF-8.
  private var lastKeys: [[UInt8]] = []

  private static let bufferSize = 1 << 16

  private init(_ take: @escaping (Data) throws -> Void) { self.take = take }

  /// Writes one object into `take`, a buffer's content at a time.
  static func object(into take: @escaping (Data) throws -> Void, _ body: (JSONStreamWriter) throws -> Void) throws {
    let writer = JSONStreamWriter(take)
    try writer.nested("{", "}") { try body(writer) }
    writer.buffer.append(UInt8(ascii: "\n"))
    try take(Data(writer.buffer))
  }

  /// A value of the object that is open.
  public func value(_ value: some Encodable, forKey key: String) throws {
    try begin(key)
    try put(encoder.encode(value))
  }

  /// An object within the one that is open; `body` writes its values.
  public func object(forKey key: String, _ body: () throws -> Void) throws {
    try begin(key)
    try nested("{", "}", body)
  }

  /// A list within the object that is open; `body` writes its elements.
  public func list(forKey key: String, _ body: () throws -> Void) throws {
    try begin(key)
    try nested("[", "]", body)
  }

  /// An element of the list that is open.
  public func element(_ value: some Encodable) throws {
    try beginLine()
    try put(encoder.encode(value))
  }

  private func begin(_ key: String) throws {
    let bytes = Array(key.utf8)
    if let last = lastKeys.last, isFilled.last == true {
      precondition(last.lexicographicallyPrecedes(bytes), "the key '\(key)' out of order")
    }
    lastKeys[lastKeys.count - 1] = bytes
    try beginLine()
    try put(encoder.encode(key))
    buffer += " : ".utf8
  }

  private func beginLine() throws {
    if buffer.count >= Self.bufferSize {
      try take(Data(buffer))
      buffer.removeAll(keepingCapacity: true)
    }
    if isFilled[isFilled.count - 1] { buffer.append(UInt8(ascii: ",")) }
    isFilled[isFilled.count - 1] = true
    breakLine()
  }

  private func breakLine() {
    buffer.append(UInt8(ascii: "\n"))
    for _ in isFilled { buffer += "  ".utf8 }
  }

  private func nested(_ open: String, _ close: String, _ body: () throws -> Void) throws {
    buffer += open.utf8
    isFilled.append(false)
    lastKeys.append([])
    try body()
    // An empty one has an empty line.
    if isFilled.removeLast() == false { buffer.append(UInt8(ascii: "\n")) }
    lastKeys.removeLast()
    breakLine()
    buffer += close.utf8
  }

  /// Text of a value, further in but for empty lines; line breaks within its strings are escaped.
  private func put(_ text: Data) {
    var startsLine = false
    for byte in text {
      if startsLine, byte != UInt8(ascii: "\n") { for _ in isFilled { buffer += "  ".utf8 } }
      buffer.append(byte)
      startsLine = byte == UInt8(ascii: "\n")
    }
  }
}
