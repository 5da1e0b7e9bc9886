import Crypto
import Foundation

/// SHA-256 of contents, in lower-case hexadecimal: the name by which images, weights and study cells are known.
public enum ContentHash {
  public static func sha256(_ data: Data) -> String { digest(data).description }

  /// Reads the file in pieces of 1 MiB, so memory stays flat.
  public static func sha256(contentsOf url: URL) throws -> String {
    let handle = try FileHandle(forReadingFrom: url)
    defer { try? handle.close() }
    var hash = SHA256()
    while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
    return ContentDigest(Array(hash.finalize())).description
  }

  /// The same as 32 bytes in place, where many are kept.
  public static func digest(_ data: Data) -> ContentDigest { ContentDigest(Array(SHA256.hash(data: data))) }
}
