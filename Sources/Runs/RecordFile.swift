import Files
import Foundation

/// Appends records in TFRecord framing: length, its masked checksum, data, its masked checksum, all little-endian.
///
/// Every record goes to the system in one write, so a killed process leaves at most its last record unfinished.
final class RecordFile {
  private let handle: FileHandle

  /// - Throws: `InputError` when something stands at `url` already, or nothing can be written there.
  init(creating url: URL) throws {
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw InputError(at: url.path, expected: "a new file to write", found: String(cString: strerror(errno)))
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func append(_ record: [UInt8]) throws {
    try handle.write(contentsOf: Self.framed(record))
  }

  /// Waits until the disk has everything.
  func synchronize() throws { try handle.synchronize() }

  static func framed(_ record: [UInt8]) -> Data {
    let length = Self.bytes(UInt64(record.count))
    var data = Data(capacity: record.count + 16)
    data.append(contentsOf: length)
    data.append(contentsOf: Self.bytes(CRC32C.masked(length)))
    data.append(contentsOf: record)
    data.append(contentsOf: Self.bytes(CRC32C.masked(record)))
    return data
  }

  private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}
