/// A SHA-256 hash in 32 bytes; in JSON, and as text, 64 hexadecimal digits in lower case.
public struct ContentDigest: Hashable, Sendable {
  /// Most significant bytes first.
  private let words: SIMD4<UInt64>

  private static let digits = Array("0123456789abcdef".utf8)

  init(_ bytes: [UInt8]) {
    precondition(bytes.count == 32, "a digest of \(bytes.count) bytes")
    var words = SIMD4<UInt64>()
    for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
    self.words = words
  }

  /// nil for anything but 64 hexadecimal digits in lower case.
  public init?(_ text: String) {
    let values = text.utf8.map { Self.digits.firstIndex(of: $0) }
    guard values.count == 64 else { return nil }
    var words = SIMD4<UInt64>()
    for (index, value) in values.enumerated() {
      guard let value else { return nil }
      words[index / 16] = words[index / 16] << 4 | UInt64(value)
    }
    self.words = words
  }
}

extension ContentDigest: Comparable {
  /// In the order of their texts.
  public static func < (one: ContentDigest, other: ContentDigest) -> Bool {
    let place = (0..<3).first { one.words[$0] != other.words[$0] } ?? 3
    return one.words[place] < other.words[place]
  }
}

extension ContentDigest: CustomStringConvertible {
  public var description: String {
    let text = (0..<64).map { index in
      let value = words[index / 16] >> UInt64(60 - index % 16 * 4) & 15
      return Self.digits[Int(value)]
    }
    return String(decoding: text, as: UTF8.self)
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
