import Foundation

/// Which images the folders of a source put into which split.
struct FolderSplits {
  private(set) var byImage: [String: Split] = [:]
  /// What the user should know; nil for nothing.
  private(set) var note: String?

  /// - Parameter named: folders of each split where a file names them; without any, folders go by their usual names.
  init(of paths: [String], named: [Split: [String]]) {
    let folders = named.flatMap { split, folders in
      folders.map { folder in (split: split, parts: folder.split(separator: "/").filter { $0 != "." && $0 != ".." }) }
    }
    if folders.contains(where: { $0.parts.last?.hasSuffix(".txt") ?? false }) {
      note = "Splits that are lists of files are not read"
      return
    }
    for path in paths {
      let parts = path.split(separator: "/").dropLast()
      var found: Set<Split> = []
      if folders.isEmpty {
        found = Set(parts.compactMap { Split(folder: $0) })
      } else {
        for folder in folders where Self.lies(parts, in: folder.parts) { found.insert(folder.split) }
      }
      if found.count == 1 {
        byImage[path] = found.first
      } else if found.count > 1 {
        byImage = [:]
        note = "Folders are named for several splits at once, so no split was taken over"
        return
      }
    }
  }

  /// Whether a folder is the named one or lies below it. The name may begin above the source.
  private static func lies(_ parts: ArraySlice<Substring>, in folder: [Substring]) -> Bool {
    guard !folder.isEmpty else { return false }
    return (0..<folder.count).contains { start in
      let rest = folder[start...]
      return (rest.count > 1 || folder.count == 1 || Split(folder: rest[rest.startIndex]) != nil)
        && parts.starts(with: rest)
    }
  }
}
