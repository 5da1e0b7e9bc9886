import Files
import Foundation

/// Keeps other processes from what a file stands for, as long as it lives; the system ends it with the process.
public final class FileLock: Sendable {
  private let descriptor: Int32

  /// Makes the file where there is none.
  ///
  /// - Returns: nil while another process holds the lock.
  /// - Throws: `InputError` when the file cannot be written to, or not be locked.
  public init?(at url: URL) throws {
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw InputError(at: url.path, expected: "a folder to write to", found: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      close(descriptor)
      if reason == EWOULDBLOCK { return nil }
      throw InputError(at: url.path, expected: "a file system with locks", found: String(cString: strerror(reason)))
    }
    self.descriptor = descriptor
  }

  /// Waits until no other process holds the lock.
  ///
  /// - Parameter waiting: called again and again meanwhile; false gives up.
  /// - Returns: nil when it gave up.
  public static func waiting(for url: URL, while waiting: () throws -> Bool) throws -> FileLock? {
    while true {
      if let lock = try FileLock(at: url) { return lock }
      guard try waiting() else { return nil }
      pause()
    }
  }

  /// A moment in which another process may get on.
  public static func pause() { usleep(200_000) }

  deinit { close(descriptor) }
}
