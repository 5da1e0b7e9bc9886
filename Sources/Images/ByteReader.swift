/// Reads numbers out of bytes that nobody vouches for: every read checks its bounds.
struct ByteReader {
  /// Something in a header cannot be, or the file ends too early.
  struct Problem: Error {
    let found: String
    init(_ found: String) { self.found = found }
  }

  let bytes: UnsafeRawBufferPointer
  var isBigEndian = true

  var count: Int { bytes.count }

  func need(_ length: Int, at offset: Int, of part: String) throws {
    guard offset >= 0, length >= 0, offset <= count, length <= count - offset else {
      throw Problem("a file cut off within its \(part), at \(count) bytes")
    }
  }

  func byte(at offset: Int, of part: String) throws -> Int {
    try need(1, at: offset, of: part)
    return Int(bytes[offset])
  }

  func short(at offset: Int, of part: String) throws -> Int {
    try need(2, at: offset, of: part)
    let first = Int(bytes[offset])
    let second = Int(bytes[offset + 1])
    return isBigEndian ? first << 8 | second : second << 8 | first
  }

  func long(at offset: Int, of part: String) throws -> Int {
    let first = try short(at: offset, of: part)
    let second = try short(at: offset + 2, of: part)
    return isBigEndian ? first << 16 | second : second << 16 | first
  }

  func text(at offset: Int, count: Int, of part: String) throws -> String {
    try need(count, at: offset, of: part)
    return String(decoding: bytes[offset..<offset + count], as: UTF8.self)
  }
}
