import Foundation

/// The bytes of regular files. Asks the system directly: Foundation's detours cost more than a small file's bytes.
public enum FileBytes {
  /// The most that is read unless another bound is given: 1 GiB.
  public static let limit = 1 << 30

  /// All bytes of a file; its size is checked before memory is taken for them.
  ///
  /// - Parameter limit: The most bytes that the file may have.
  /// - Throws: `InputError` when it is no regular file, is larger than `limit`, or cannot be read.
  public static func all(of path: String, limit: Int = Self.limit) throws -> Data {
    guard let size = try regularSize(of: path) else {
      throw InputError(at: path, expected: "a file", found: "none")
    }
    guard size <= limit else {
      throw InputError(at: path, expected: "a file of at most \(limit >> 20) MiB", found: "\(size) bytes")
    }
    guard let bytes = read(size, of: path) else {
      throw InputError(at: path, expected: "a readable file", found: "one that the system does not let be read")
    }
    return bytes
  }

  /// The first bytes of a file, fewer when it is shorter; nil when it is no regular file or cannot be read.
  public static func first(_ count: Int, of path: String) -> Data? {
    guard (try? regularSize(of: path)) != nil else { return nil }
    return read(count, of: path)
  }

  /// Nil when nothing is there.
  private static func regularSize(of path: String) throws -> Int? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputError(at: path, expected: "a file", found: "something else")
    }
    return Int(status.st_size)
  }

  /// Up to `count` bytes from the start.
  private static func read(_ count: Int, of path: String) -> Data? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    guard count > 0, let bytes = malloc(count) else { return count > 0 ? nil : Data() }
    var done = 0
    while done < count {
      let got = Foundation.read(file, bytes + done, count - done)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        free(bytes)
        return nil
      }
      if got == 0 { break }
      done += got
    }
    return Data(bytesNoCopy: bytes, count: done, deallocator: .free)
  }
}
