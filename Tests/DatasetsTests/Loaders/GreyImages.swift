import Foundation
import Images
import TestFolders

extension TemporaryFolder {
  /// Writes a grey image whose pixel (x, y) is `value(x, y)`.
  func add(_ name: String, width: Int, height: Int, _ value: (Int, Int) -> Int) throws -> URL {
    let bytes = (0..<height).flatMap { y in (0..<width).map { x in UInt8(clamping: value(x, y)) } }
    let url = self[name]
    try Image(width: width, height: height, bytes: bytes).encoded(as: .png).write(to: url)
    return url
  }
}
