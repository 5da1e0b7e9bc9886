import Foundation
import Images
import TestFolders

extension TemporaryFolder {
  func write(_ image: Image, _ name: String, as format: ImageFormat = .png) throws {
    try write(try image.encoded(as: format), name)
  }
}

/// A grey picture that differs for each `key`.
func picture(_ key: Int, width: Int = 20, height: Int = 16) -> Image {
  Image(
    width: width, height: height,
    bytes: (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* (2 &* key &+ 3) &+ key &* 11) })
}

/// A mask with one filled rectangle.
func rectangle(_ box: PixelBox, width: Int = 20, height: Int = 16) -> Mask {
  var bits = [UInt8](repeating: 0, count: width * height)
  for y in box.y..<box.y + box.height { for x in box.x..<box.x + box.width { bits[y * width + x] = 1 } }
  return Mask(width: width, height: height, bits: bits)
}
