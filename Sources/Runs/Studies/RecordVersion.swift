import Files
import Foundation

/// Looks at a record's version before the rest of it, so that a newer record is told apart from a broken one.
enum RecordVersion {
  private struct Header: Decodable {
    var version: Int
  }

  /// - Throws: `InputError` when the file is not JSON with a version, or has another version than `version`.
  static func check(_ url: URL, is version: Int, what: String) throws {
    let found = try JSONFile.read(Header.self, from: url).version
    guard found == version else {
      throw InputError(
        at: "\(url.path): version", expected: "a \(what) of version \(version)", found: "version \(found)",
        remedy: found > version ? "Read it with the newer Patina that wrote it" : "Run the study again")
    }
  }
}
