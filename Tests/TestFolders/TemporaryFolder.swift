import Foundation

/// A new empty folder for one test, gone with it.
public final class TemporaryFolder: Sendable {
  public let url = FileManager.default.temporaryDirectory.appendingPathComponent("patina-test-\(UUID().uuidString)")

  public init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  public subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Writes a file, and the folders above it.
  public func write(_ data: Data, _ name: String) throws {
    let file = self[name]
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  public func write(_ text: String, _ name: String) throws { try write(Data(text.utf8), name) }

  /// What stands in it, or in a folder below, in order.
  public func names(in folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? url.path : self[folder].path).sorted()
  }
}
