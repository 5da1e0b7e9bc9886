import Files
import Foundation
import Images

/// Names for what a picture shows, by which copies are found.
public enum ContentKey {
  /// One key for an image and all its quarter turns and mirrors: SHA-256 of the grey values of that one of the eight whose
  /// bytes come first.
  ///
  /// A known public split of steel images has nearly every test image as a turned or mirrored copy in its training set.
  public static func anyOrientation(of image: Image) throws -> String {
    let eight = try image.eightBit().grey().orientations()
    let first = eight.dropFirst().reduce(eight[0]) { best, next in precedes(next, best) ? next : best }
    return ContentHash.sha256(Data("\(first.width)x\(first.height) ".utf8) + Data(first.bytes))
  }

  private static func precedes(_ one: Image, _ other: Image) -> Bool {
    guard one.width == other.width else { return one.width < other.width }
    return one.bytes.withUnsafeBytes { left in
      other.bytes.withUnsafeBytes { right in
        guard let left = left.baseAddress, let right = right.baseAddress else { return false }
        return memcmp(left, right, one.width * one.height) < 0
      }
    }
  }
}
