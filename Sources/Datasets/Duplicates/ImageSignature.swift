import Files
import Images

/// What is kept of one image to find its duplicates: about a kilobyte, whatever the image's size.
public struct ImageSignature: Sendable {
  /// Side of the thumbnail of details.
  static let side = 32

  /// Names the image's grey values in any of its eight orientations.
  let key: ContentDigest
  /// Turns the image into the one that `key` names.
  let canonical: Orientation
  let width: Int
  let height: Int
  /// Details of the grey image shrunk to 32 × 32 (without regard to its proportions): what differs from the mean of the
  /// 5 × 5 pixels around. Scaled so that the largest is ±127; rows from the top.
  let details: [Int8]
  /// Length of `details` as a vector; 0 for an image without details.
  let norm: Float

  /// Details of less than this (root of the mean square, in grey levels of 255) are noise of the camera or of JPEG: nothing to
  /// compare by.
  private static let leastContrast: Float = 0.4

  /// Shapes: any image → 32 × 32 details.
  ///
  /// - Throws: `VisionError` when OpenCV runs out of memory.
  public init(of image: Image) throws {
    (key, canonical) = try ContentKey.canonical(of: image)
    width = image.width
    height = image.height
    let side = Self.side
    let small = try image.fineGrey().resized(width: side, height: side)
    guard case .sixteen(let samples) = small.samples else { throw VisionError("a thumbnail of 8 bits") }
    let values = Detail.of(samples.map { Float($0) / 257 }, width: side, height: side)
    let energy = values.reduce(0) { $0 + $1 * $1 }
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard (energy / Float(values.count)).squareRoot() >= Self.leastContrast, largest > 0 else {
      details = []
      norm = 0
      return
    }
    let scaled = values.map { Int8(($0 * 127 / largest).rounded()) }
    details = scaled
    norm = Float(scaled.reduce(0) { $0 + Int($1) * Int($1) }).squareRoot()
  }

  /// Correlation (−1 ... 1) of this image's details with those of `other` after `orientation`.
  func correlation(with other: ImageSignature, turnedBy orientation: Orientation) -> Float {
    guard norm > 0, other.norm > 0 else { return 0 }
    let places = Self.places[orientation.index]
    var sum: Int32 = 0
    details.withUnsafeBufferPointer { own in
      other.details.withUnsafeBufferPointer { others in
        places.withUnsafeBufferPointer { places in
          for index in 0..<own.count { sum &+= Int32(own[index]) &* Int32(others[Int(places[index])]) }
        }
      }
    }
    return Float(sum) / (norm * other.norm)
  }

  /// Whether the other image could be this one turned: the same proportions within a twentieth.
  func hasProportions(of other: ImageSignature, turnedBy orientation: Orientation) -> Bool {
    let (across, down) =
      orientation.swapsSides ? (other.height, other.width) : (other.width, other.height)
    let (one, two) = (Double(width) * Double(down), Double(height) * Double(across))
    return max(one, two) <= min(one, two) * 1.05
  }

  /// For each orientation, where each pixel of the turned thumbnail comes from.
  private static let places: [[UInt16]] = Orientation.all.map { orientation in
    (0..<side * side).map { index in
      let place = orientation.source(index % side, index / side, width: side, height: side)
      return UInt16(place.y * side + place.x)
    }
  }
}

extension Image {
  /// Grey in 16 bits, so that shrinking keeps fractions of a grey level.
  func fineGrey() throws -> Image {
    let grey = try eightBit().grey()
    return Image(
      width: grey.width, height: grey.height, channels: 1, samples: .sixteen(grey.bytes.map { UInt16($0) * 257 }))
  }
}
