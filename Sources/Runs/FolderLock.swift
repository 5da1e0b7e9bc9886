import Files
import Foundation

/// Keeps other processes from writing to a folder for as long as it lives; the system ends it with the process.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Throws: `InputError` when another process holds the lock, or the folder cannot be written to.
  init(in folder: URL) throws {
    let path = folder.appendingPathComponent(".lock").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw InputError(at: path, expected: "a folder to write to", found: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      close(descriptor)
      throw InputError(
        at: folder.path, expected: "a run that nobody writes to",
        found: reason == EWOULDBLOCK ? "one in use" : String(cString: strerror(reason)),
        remedy: "Wait for the process that trains there, or end it")
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }
}
