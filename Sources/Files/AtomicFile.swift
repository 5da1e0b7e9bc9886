import Foundation

/// Writes a whole file or none: beside its destination first, flushed to the disk, then renamed over it.
public enum AtomicFile {
  /// Writes `data` to `url`, replacing what stood there in one step.
  ///
  /// - Throws: `InputError` with the system's reason when the file cannot be written; the old file then stands.
  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { handle in try handle.write(contentsOf: data) }
  }

  public static func write(_ text: String, to url: URL) throws {
    try write(Data(text.utf8), to: url)
  }

  /// Opens a file beside `url`, lets `body` fill it, flushes it and renames it over `url`.
  public static func write(to url: URL, _ body: (FileHandle) throws -> Void) throws {
    let staged = url.deletingLastPathComponent()
      .appendingPathComponent(".\(url.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part")
    guard FileManager.default.createFile(atPath: staged.path, contents: nil) else {
      throw InputError(at: url.path, expected: "a place to write to", found: String(cString: strerror(errno)))
    }
    do {
      let handle = try FileHandle(forWritingTo: staged)
      do {
        try body(handle)
        try handle.synchronize()
        try handle.close()
      } catch {
        try? handle.close()
        throw error
      }
      guard rename(staged.path, url.path) == 0 else {
        throw InputError(at: url.path, expected: "a file that can be replaced", found: String(cString: strerror(errno)))
      }
    } catch {
      unlink(staged.path)
      throw error
    }
  }
}
