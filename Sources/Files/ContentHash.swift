import Crypto
import Foundation

/// SHA-256 of contents, in lower-case hexadecimal: the name by which images, weights and study cells are known.
public enum ContentHash {
  public static func sha256(_ data: Data) -> String { hexadecimal(SHA256.hash(data: data)) }

  /// Reads the file in pieces of 1 MiB, so memory stays flat.
  public static func sha256(contentsOf url: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    var hash = SHA256()
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
    return hexadecimal(hash.finalize())
  }

  /// The same as 32 bytes in place, where many are kept.
  public static func digest(_ data: Data) -> ContentDigest { ContentDigest(Array(SHA256.hash(data: data))) }

  private static func hexadecimal(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
