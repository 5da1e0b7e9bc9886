import Images
import Synchronization

/// Decoded and scaled images, kept as long as they fit: a small data set is decoded once and not in every epoch.
///
/// Nothing is ever dropped, so with more images than room the first ones stay and memory is flat: whatever order an epoch
/// has, no other choice would serve it better. Loaders that share one must scale alike. What a loader gives does not depend
/// on the room.
public final class ScaledImages: Sendable {
  /// Bytes of samples that may be kept.
  public let room: Int

  private struct Kept {
    var images: [String: Image] = [:]
    var bytes = 0
  }
  private let kept = Mutex(Kept())

  /// - Parameter room: bytes of samples that may be kept; 256 MiB by default.
  public init(room: Int = 256 << 20) { self.room = room }

  /// Bytes of samples that are kept, at most `room`.
  public var bytes: Int { kept.withLock { $0.bytes } }

  /// Images that are kept.
  public var count: Int { kept.withLock { $0.images.count } }

  subscript(path: String) -> Image? { kept.withLock { $0.images[path] } }

  func hasRoom(for size: Int) -> Bool { kept.withLock { $0.bytes + size <= room } }

  func keep(_ image: Image, of path: String) {
    let size = image.samples.count * image.bits / 8
    kept.withLock {
      guard $0.images[path] == nil, $0.bytes + size <= room else { return }
      $0.images[path] = image
      $0.bytes += size
    }
  }

  /// The image of a file, from memory or by `make`.
  func image(_ path: String, make: () throws -> Image) throws -> Image {
    if let known = self[path] { return known }
    let image = try make()
    keep(image, of: path)
    return image
  }
}
