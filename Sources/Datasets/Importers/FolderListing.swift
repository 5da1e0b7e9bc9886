import Files
import Foundation
import Images

/// The files of a folder, in an order that does not depend on the file system.
struct FolderListing {
  /// Paths of files with an image's extension, from the folder.
  private(set) var images: [String] = []
  /// Paths of files that may hold labels, by extension.
  private var labels: [String: [String]] = [:]
  /// Extensions of other files, with how often each occurs.
  private(set) var others: [String: Int] = [:]

  private static let labelExtensions: Set<String> = ["csv", "json", "xml", "txt", "yaml", "yml", "names"]

  /// Lists all that lies below `folder`, hidden files left out.
  init(of folder: URL) throws {
    try Self.check(folder)
    let start = folder.standardizedFileURL.resolvingSymlinksInPath().path
    guard let files = FileManager.default.enumerator(atPath: start) else {
      throw InputError(at: folder.path, expected: "a readable folder", found: "one that cannot be listed")
    }
    while let path = files.nextObject() as? String {
      guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }) else { continue }
      let type = files.fileAttributes?[.type] as? FileAttributeType
      guard type != .typeDirectory else { continue }
      let kind = path.fileExtension
      if ImageFormat.searchedExtensions.contains(kind) {
        images.append(path)
      } else {
        others[kind.isEmpty ? "no extension" : ".\(kind)", default: 0] += 1
        if Self.labelExtensions.contains(kind) { labels[kind, default: []].append(path) }
      }
    }
    images.sort()
    for kind in labels.keys { labels[kind]?.sort() }
  }

  /// Files that may hold labels.
  func files(withExtension kind: String) -> [String] { labels[kind] ?? [] }

  /// A line on files that are no images by their extension; nil where there are none.
  var note: String? {
    guard !others.isEmpty else { return nil }
    return "Left out as no images by their names: \(othersText)"
  }

  var othersText: String {
    others.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  /// Names of the folders right below `folder`.
  static func folders(in folder: URL) throws -> [String] {
    try check(folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return names.filter { name in
      !name.hasPrefix(".") && isFolder(folder.appendingPathComponent(name))
    }.sorted()
  }

  static func isFolder(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && isFolder.boolValue
  }

  private static func check(_ folder: URL) throws {
    guard isFolder(folder) else {
      let exists = FileManager.default.fileExists(atPath: folder.path)
      throw InputError(at: folder.path, expected: "a folder", found: exists ? "a file" : "nothing")
    }
  }
}

extension String {
  /// The last part of a path without its extension.
  var stem: String { ((self as NSString).lastPathComponent as NSString).deletingPathExtension }
}
