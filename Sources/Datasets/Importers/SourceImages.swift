import Files
import Foundation

/// Finds the image that a label file means, however it names it.
struct SourceImages: Sendable {
  /// Paths from the source folder, in order.
  let paths: [String]
  private let known: Set<String>
  private let byName: [String: [String]]

  init(_ paths: [String]) {
    self.paths = paths
    known = Set(paths)
    byName = Dictionary(grouping: paths, by: \.lastComponent)
  }

  /// The image called `name` in a label file within `folder`: there, from the source folder, or the only one whose path
  /// ends so.
  ///
  /// - Returns: nil where there is none.
  /// - Throws: `InputError` naming `place` when the name leads out of the source folder, or several images are meant.
  func path(of name: String, from folder: String = "", at place: String) throws -> String? {
    let name = name.replacing("\\", with: "/")
    let expected = "an image within the folder"
    guard !name.hasPrefix("/"), !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) else {
      throw InputError(at: place, expected: expected, found: "'\(name)'")
    }
    var parts = folder.split(separator: "/")[...]
    for part in name.split(separator: "/") where part != "." {
      if part != ".." {
        parts.append(part)
      } else if parts.popLast() == nil {
        throw InputError(at: place, expected: expected, found: "'\(name)', which climbs out of it")
      }
    }
    let near = parts.joined(separator: "/")
    if known.contains(near) { return near }
    if known.contains(name) { return name }
    let plain = name.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    let found = (byName[plain.lastComponent] ?? []).filter { $0.hasSuffix("/" + plain) || $0 == plain }
    guard found.count < 2 else {
      throw InputError(
        at: place, expected: "one image '\(name)'", found: found.prefix(3).joined(separator: ", "),
        remedy: "Import the folder that holds only one of them")
    }
    return found.first
  }
}

extension String {
  /// The part of a path after the last "/".
  var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }

  /// The part of a path before the last "/"; empty where there is none.
  var folderPart: String { lastIndex(of: "/").map { String(self[..<$0]) } ?? "" }

  /// A path without its extension.
  var withoutExtension: String { (self as NSString).deletingPathExtension }

  /// In lower case, without a dot.
  var fileExtension: String { (self as NSString).pathExtension.lowercased() }
}
