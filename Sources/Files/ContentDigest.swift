/// A SHA-256 hash in 32 bytes; in JSON, and as text, 64 hexadecimal digits.
public struct ContentDigest: Hashable, Sendable {
  /// Most significant bytes first.
  private let words: SIMD4<UInt64>

  init(_ bytes: [UInt8]) {
    precondition(bytes.count == 32, "a digest of \(bytes.count) bytes")
    var words = SIMD4<UInt64>()
    for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
    self.words = words
  }

  /// nil for anything but 64 hexadecimal digits.
  public init?(_ text: String) {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    guard digits.count == 64, text.utf8.count == 64 else { return nil }
    self.init((0..<32).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) })
  }
}

extension ContentDigest: CustomStringConvertible {
  public var description: String {
    (0..<4).map { index in
      let digits = String(words[index], radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension ContentDigest: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let digest = ContentDigest(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected 64 hexadecimal digits")
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
