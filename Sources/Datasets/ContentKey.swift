import Files
import Foundation
import Images

/// Names for what a picture shows, by which copies are found.
public enum ContentKey {
  /// One key for an image and all its quarter turns and mirrors: SHA-256 of the grey values of that one of the eight whose
  /// bytes come first.
  ///
  /// A known public split of steel images has nearly every test image as a turned or mirrored copy in its training set.
  public static func anyOrientation(of image: Image) throws -> String { try canonical(of: image).key.description }

  /// The same key as a digest, and how `image` must be turned to be the one of the eight that it names.
  ///
  /// Two images with one key are the same grey picture: `a` lies as `b` after `a.orientation` and the inverse of
  /// `b.orientation`. Of several orientations that give the same bytes the first counts.
  static func canonical(of image: Image) throws -> (key: ContentDigest, orientation: Orientation) {
    let grey = try image.eightBit().grey()
    let orientation = first(of: grey)
    let turned = try grey.oriented(orientation)
    return (
      ContentHash.digest(Data("\(turned.width)x\(turned.height) ".utf8) + Data(turned.bytes)), orientation
    )
  }

  /// The orientation whose bytes come first in order; of two sizes, the narrower comes first.
  ///
  /// Mostly the first few pixels decide, so the eight images are not made.
  private static func first(of grey: Image) -> Orientation {
    let (width, height) = (grey.width, grey.height)
    var open = Orientation.all.filter { width == height || $0.swapsSides == (height < width) }
    let across = min(width, height)
    let down = max(width, height)
    grey.bytes.withUnsafeBufferPointer { bytes in
      for y in 0..<down {
        for x in 0..<across {
          if open.count == 1 { return }
          let values = open.map { orientation in
            let place = orientation.source(x, y, width: width, height: height)
            return bytes[place.y * width + place.x]
          }
          guard let least = values.min(), values.contains(where: { $0 != least }) else { continue }
          open = zip(open, values).filter { $0.1 == least }.map(\.0)
        }
      }
    }
    return open.first ?? .identity
  }
}
