import Files
import Foundation

/// Pictures of a report's folder as `data:` addresses, so that the page needs no other file.
struct EmbeddedPicture {
  /// Largest single file, and largest sum of files in one page, in bytes.
  static let fileLimit = 8 << 20
  static let pageLimit = 96 << 20

  let folder: URL
  private var embedded = 0

  init(folder: URL) { self.folder = folder.resolvingSymlinksInPath().standardizedFileURL }

  /// The address of a PNG or JPEG file.
  ///
  /// - Parameter file: relative to the folder; it may not lead out of it, not even through a link.
  /// - Throws: `InputError` when it does, cannot be read, is something else than a picture, or too large.
  mutating func address(of file: String) throws -> String {
    let url = folder.appendingPathComponent(file).resolvingSymlinksInPath().standardizedFileURL
    guard !file.hasPrefix("/"), url.path.hasPrefix(folder.path + "/") else {
      throw InputError(at: file, expected: "a picture within \(folder.path)", found: "a path that leads out of it")
    }
    guard let handle = try? FileHandle(forReadingFrom: url), let data = try? handle.read(upToCount: Self.fileLimit + 1)
    else {
      throw InputError(at: url.path, expected: "a picture for the report", found: "no file that can be read")
    }
    guard data.count <= Self.fileLimit, embedded + data.count <= Self.pageLimit else {
      throw InputError(
        at: url.path,
        expected: "pictures of at most \(Self.fileLimit >> 20) MiB, together at most \(Self.pageLimit >> 20) MiB",
        found: "more")
    }
    let type: String
    if data.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      type = "image/png"
    } else if data.starts(with: [0xff, 0xd8, 0xff]) {
      type = "image/jpeg"
    } else {
      throw InputError(at: url.path, expected: "a PNG or JPEG picture", found: "something else")
    }
    embedded += data.count
    return "data:\(type);base64,\(data.base64EncodedString())"
  }
}
