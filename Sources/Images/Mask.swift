import CVision
import Foundation

/// Which pixels belong to a defect: width × height of them, rows from the top.
public struct Mask: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// 0 or 1 for each pixel: [H, W].
  public let bits: [UInt8]

  /// - Precondition: `width × height` values; whatever is not 0 counts as 1.
  public init(width: Int, height: Int, bits: [UInt8]) {
    precondition(width > 0 && height > 0 && bits.count == width * height, "a mask needs width × height values")
    self.width = width
    self.height = height
    self.bits = bits.map { $0 == 0 ? 0 : 1 }
  }

  /// No pixel at all.
  public init(width: Int, height: Int) {
    self.init(width: width, height: height, bits: Array(repeating: 0, count: width * height))
  }

  /// Pixels with any channel above `threshold` (0 ... 255; of 16 bits, the upper 8 count).
  ///
  /// The default drops the noise of masks that hold 0 and 1 where they mean nothing, or went through JPEG.
  public init(thresholding image: Image, above threshold: UInt8 = 127) {
    let bytes = image.bytes
    let pixels = image.width * image.height
    width = image.width
    height = image.height
    bits = [UInt8](unsafeUninitializedCapacity: pixels) { buffer, count in
      bytes.withUnsafeBufferPointer { samples in
        guard let from = samples.baseAddress, let to = buffer.baseAddress else { return }
        cv_threshold(from, pixels, image.channels, threshold, to)
        count = pixels
      }
    }
  }

  public subscript(x: Int, y: Int) -> Bool {
    precondition(x >= 0 && x < width && y >= 0 && y < height, "(\(x), \(y)) lies outside of \(width) × \(height)")
    return bits[y * width + x] != 0
  }

  /// Number of pixels set.
  public var area: Int { bits.reduce(0) { $0 + Int($1) } }

  public var isEmpty: Bool {
    bits.withUnsafeBytes { raw in raw.baseAddress.map { memchr($0, 1, raw.count) == nil } ?? true }
  }

  /// The smallest box around all pixels set; nil for an empty mask.
  public var boundingBox: PixelBox? {
    var (left, top, right, bottom) = (width, height, -1, -1)
    for y in 0..<height {
      for x in 0..<width where bits[y * width + x] != 0 {
        left = min(left, x)
        right = max(right, x)
        top = min(top, y)
        bottom = y
      }
    }
    return right < 0 ? nil : PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  /// As an 8-bit grey image of 0 and 255.
  public var image: Image { Image(width: width, height: height, bytes: bits.map { $0 == 0 ? 0 : 255 }) }

  /// - Precondition: `box` lies within the mask.
  public func cropped(to box: PixelBox) -> Mask { Mask(cutting: image.cropped(to: box)) }

  /// - Precondition: both have one size.
  public func union(_ other: Mask) -> Mask {
    precondition(width == other.width && height == other.height, "masks of one size can be united")
    return Mask(width: width, height: height, bits: zip(bits, other.bits).map { $0 | $1 })
  }

  /// Another size: a new pixel is set where at least half of the area that it covers was.
  public func resized(width: Int, height: Int) throws -> Mask {
    Mask(thresholding: try image.resized(width: width, height: height), above: 127)
  }

  public func flippedHorizontally() throws -> Mask { Mask(cutting: try image.flippedHorizontally()) }

  public func turned(by turn: Image.Turn) throws -> Mask { Mask(cutting: try image.turned(by: turn)) }

  private init(cutting image: Image) { self.init(thresholding: image) }
}
