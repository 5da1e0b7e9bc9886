import Files
import Foundation
import Images

/// The folder that is imported: no path out of it is followed, neither by dots nor by links.
struct SourceFolder: Sendable {
  /// The most that a file of labels may hold: 512 MiB.
  static let labelLimit = 512 << 20

  let url: URL
  private let root: String

  init(_ url: URL) {
    self.url = url
    let path = url.standardizedFileURL.resolvingSymlinksInPath().path
    root = path.hasSuffix("/") ? path : path + "/"
  }

  /// What stands at `source`: a folder, or a file of labels with the folder around it.
  static func splitting(_ source: URL) throws -> (folder: SourceFolder, file: String?) {
    if FolderListing.isFolder(source) { return (SourceFolder(source), nil) }
    guard FileManager.default.fileExists(atPath: source.path) else {
      throw InputError(at: source.path, expected: "a folder, or a file of labels", found: "nothing")
    }
    // Labels often stand in a folder of their own, beside that of the images.
    let parent = source.standardizedFileURL.deletingLastPathComponent()
    guard try FolderListing(of: parent).images.isEmpty else { return (SourceFolder(parent), source.lastPathComponent) }
    return (
      SourceFolder(parent.deletingLastPathComponent()), "\(parent.lastPathComponent)/\(source.lastPathComponent)"
    )
  }

  /// The bytes of a file.
  ///
  /// - Throws: `InputError` naming `path` when it leads out of the folder, is no file or cannot be read.
  func data(of path: String, limit: Int = FileBytes.limit) throws -> Data {
    if let problem = DatasetForm.problem(inPath: path) {
      throw InputError(at: path, expected: "a path within the folder", found: problem)
    }
    guard let resolved = realpath(root + path, nil) else {
      throw InputError(at: path, expected: "a file", found: "none")
    }
    defer { free(resolved) }
    let real = String(cString: resolved)
    guard real.hasPrefix(root) else {
      throw InputError(
        at: path, expected: "a file within the folder", found: "a link to \(real)",
        remedy: "Import the folder that holds the files, or copy them")
    }
    do {
      return try FileBytes.all(of: real, limit: limit)
    } catch let error as InputError {
      throw InputError(at: path, expected: error.expected, found: error.found)
    }
  }

  /// The bytes of a file of labels.
  func labels(of path: String) throws -> Data { try data(of: path, limit: Self.labelLimit) }

  /// The first bytes of a file; nil when it cannot be read.
  func start(of path: String, count: Int) -> Data? { FileBytes.first(count, of: root + path) }

  /// A line for each file below the folder, hidden ones left out: its path, size and time of change.
  func filesWithTimes() throws -> [String] {
    guard let files = FileManager.default.enumerator(atPath: root) else {
      throw InputError(at: url.path, expected: "a readable folder", found: "one that cannot be listed")
    }
    var lines: [String] = []
    while let path = files.nextObject() as? String {
      guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
      var status = stat()
      guard stat(root + path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else { continue }
      lines.append("\(path)\0\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)")
    }
    return lines.sorted()
  }

  func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + path) }

  func isFolder(_ path: String) -> Bool { FolderListing.isFolder(URL(fileURLWithPath: root + path)) }
}
