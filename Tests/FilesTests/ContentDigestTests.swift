import Foundation
import Testing

@testable import Files

struct ContentDigestTests {
  /// FIPS 180-4's example.
  private let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func isTheHashAsText() throws {
    let digest = ContentHash.digest(Data("abc".utf8))
    #expect(digest.description == abc)
    #expect(digest.description == ContentHash.sha256(Data("abc".utf8)))
    #expect(ContentDigest(abc) == digest)
    #expect(MemoryLayout<ContentDigest>.size == 32)
    let zeros = String(repeating: "0", count: 64)  // leading zeros stay
    #expect(ContentDigest(zeros)?.description == zeros)
  }

  @Test func isItsTextInJSON() throws {
    let digest = try #require(ContentDigest(abc))
    let json = try JSONEncoder().encode([digest])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(abc)\"]")
    #expect(try JSONDecoder().decode([ContentDigest].self, from: json) == [digest])
  }

  @Test(
    arguments: ["", "ab", "é"] + [("g", 64), ("A", 64), ("0", 65)].map { String(repeating: $0.0, count: $0.1) })
  func otherTextIsRefused(text: String) throws {
    #expect(ContentDigest(text) == nil)
    let json = try JSONEncoder().encode([text])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([ContentDigest].self, from: json) }
  }
}
