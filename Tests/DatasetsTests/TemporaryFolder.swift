import Foundation
import Images

/// A folder of its own for each test, removed with it.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("patina-data-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  func write(_ data: Data, _ name: String) throws {
    let file = self[name]
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func write(_ image: Image, _ name: String, as format: ImageFormat = .png) throws {
    try write(try image.encoded(as: format), name)
  }

  func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? url.path : self[folder].path).sorted()
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
