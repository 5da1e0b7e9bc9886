import Files
import Foundation

/// Keeps other processes from writing to a folder for as long as it lives; the system ends it with the process.
final class FolderLock: Sendable {
  private let lock: FileLock

  /// - Throws: `InputError` when another process holds the lock, or the folder cannot be written to.
  init(in folder: URL) throws {
    guard let lock = try FileLock(at: folder.appendingPathComponent(".lock")) else {
      throw InputError(
        at: folder.path, expected: "a run that nobody writes to", found: "one in use",
        remedy: "Wait for the process that trains there, or end it")
    }
    self.lock = lock
  }
}
