import Foundation

/// Bytes put aside on the disk piece by piece, to be read back in any order: what would otherwise be held in memory.
///
/// The file has no name, so that nothing of it remains, whatever happens.
public final class SpoolFile {
  /// Where something that was put aside lies.
  public struct Piece: Sendable {
    fileprivate let start: UInt64
    fileprivate let count: UInt32
  }

  private let file: FileHandle
  private var end: UInt64 = 0

  /// - Parameter folder: where it lies while it is open.
  /// - Throws: `InputError` with the system's reason when none can be made there.
  public init(in folder: URL) throws {
    let path = folder.appendingPathComponent(".spool").path
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw InputError(at: folder.path, expected: "a place to write to", found: String(cString: strerror(errno)))
    }
    unlink(path)
    file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// Puts a value aside.
  ///
  /// - Throws: what keeps it from being encoded or written.
  public func append(_ value: some Encodable) throws -> Piece {
    let data = try JSONEncoder().encode(value)
    try file.seek(toOffset: end)
    try file.write(contentsOf: data)
    defer { end += UInt64(data.count) }
    return Piece(start: end, count: UInt32(data.count))
  }

  /// A value that was put aside.
  public func read<Value: Decodable>(_ type: Value.Type, at piece: Piece) throws -> Value {
    try file.seek(toOffset: piece.start)
    return try JSONDecoder().decode(type, from: file.read(upToCount: Int(piece.count)) ?? Data())
  }
}
