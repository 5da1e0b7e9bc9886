import Files
import Foundation
import Synchronization

/// Appends lines to `log.txt`, from any thread, each in one write.
public final class LogFile: Sendable {
  private let handle: Mutex<FileHandle>

  /// Opens `url` at its end, or makes it.
  ///
  /// - Throws: `InputError` when it cannot be written.
  public init(appendingTo url: URL) throws {
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw InputError(at: url.path, expected: "a log to append to", found: String(cString: strerror(errno)))
    }
    handle = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
  }

  /// Adds `line` and a line end; line ends within it are written as spaces, so that a message is one line.
  public func append(_ line: String) throws {
    let single = String(line.map { $0.isNewline ? " " : $0 })
    try handle.withLock { try $0.write(contentsOf: Data((single + "\n").utf8)) }
  }
}
