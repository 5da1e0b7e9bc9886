import Foundation
import Images

/// Decoded and scaled images, kept as long as they fit: a small data set is decoded once and not in every epoch.
///
/// Nothing is ever dropped, so with more images than room the first ones stay and memory is flat. Loaders that share one
/// must scale alike.
public final class ScaledImages: @unchecked Sendable {
  // The table and its size are touched under `lock` only.
  private let lock = NSLock()
  private var kept: [URL: Image] = [:]
  private var bytes = 0
  private let room: Int

  /// - Parameter room: bytes of samples that may be kept.
  public init(room: Int = 256 << 20) { self.room = room }

  /// The image of a file, from memory or by `make`.
  func image(_ url: URL, make: () throws -> Image) throws -> Image {
    lock.lock()
    let known = kept[url]
    lock.unlock()
    if let known { return known }
    let image = try make()
    let size = image.samples.count * image.bits / 8
    lock.lock()
    defer { lock.unlock() }
    if kept[url] == nil, bytes + size <= room {
      kept[url] = image
      bytes += size
    }
    return image
  }
}
