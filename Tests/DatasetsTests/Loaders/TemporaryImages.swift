import Foundation
import Images

/// A folder of small images that is gone when the test is.
final class TemporaryImages {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("patina-images-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a grey image whose pixel (x, y) is `value(x, y)`.
  func add(_ name: String, width: Int, height: Int, _ value: (Int, Int) -> Int) throws -> URL {
    let bytes = (0..<height).flatMap { y in (0..<width).map { x in UInt8(clamping: value(x, y)) } }
    let url = folder.appendingPathComponent(name)
    try Image(width: width, height: height, bytes: bytes).encoded(as: .png).write(to: url)
    return url
  }
}
