import Foundation
import Images
import Synchronization

/// A folder of this process's own, in memory where the system has such a place.
enum Scratch {
  static let folder: URL = {
    let shared = "/dev/shm", base = FileManager.default.isWritableFile(atPath: shared) ? shared : NSTemporaryDirectory()
    return URL(fileURLWithPath: base).appendingPathComponent("patina-fuzz-\(getpid())")
  }()

  static func write(_ data: Data, to file: URL) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  /// 24 × 20 grey pixels as PNG.
  static func picture() throws -> Data {
    try Image(width: 24, height: 20, channels: 1, bytes: (0..<480).map { UInt8($0 % 251) }).encoded(as: .png)
  }

  /// What is done before the first input.
  final class Once: Sendable {
    private let work: @Sendable () throws -> Void
    private let isDone = Mutex(false)
    init(_ work: @escaping @Sendable () throws -> Void) { self.work = work }

    func run() throws {
      try isDone.withLock {
        guard !$0 else { return }
        try work()
        $0 = true
      }
    }
  }
}
