import Foundation

/// A folder that is filled beside its destination and takes its place in one step, so that nobody ever sees half of it.
public final class StagedFolder {
  /// Where to write meanwhile.
  public let url: URL
  private let destination: URL
  private let isReplacing: Bool
  private var isOpen = true

  /// - Throws: `InputError` when something stands at `destination` and `replacing` is false, or nothing can be written.
  public init(for destination: URL, replacing: Bool = false) throws {
    self.destination = destination.standardizedFileURL
    let prefix = ".\(destination.lastPathComponent)."
    Self.removeLeftovers(beside: self.destination, prefix: prefix)
    if FileManager.default.fileExists(atPath: destination.path), !replacing {
      throw InputError(
        at: destination.path, expected: "a folder that does not exist yet", found: "one that does",
        remedy: "Choose another name, or remove it first")
    }
    let parent = self.destination.deletingLastPathComponent()
    url = parent.appendingPathComponent("\(prefix)\(ProcessInfo.processInfo.processIdentifier).part")
    isReplacing = replacing
    try Folder.create(at: url)
  }

  /// Removes what killed processes left behind, and puts back what one had moved aside without replacing it.
  private static func removeLeftovers(beside destination: URL, prefix: String) {
    let files = FileManager.default
    let parent = destination.deletingLastPathComponent()
    for name in (try? files.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
      let parts = name.dropFirst(prefix.count).split(separator: ".")
      guard parts.count == 2, let process = Int32(parts[0]), parts[1] == "part" || parts[1] == "old" else { continue }
      let isAlive = kill(process, 0) == 0 || errno == EPERM
      guard !isAlive || process == ProcessInfo.processInfo.processIdentifier else { continue }
      let leftover = parent.appendingPathComponent(name)
      if parts[1] == "old", !files.fileExists(atPath: destination.path) {
        try? files.moveItem(at: leftover, to: destination)
      } else {
        try? files.removeItem(at: leftover)
      }
    }
  }

  /// Gives each of two folders the other's name in one step, so that a kill at any moment finds a whole one.
  ///
  /// - Returns: false, with nothing changed, where the system or the file system cannot.
  private static func exchange(_ one: URL, _ other: URL) -> Bool {
    // Linux has it; Swift's module of the C library does not declare it.
    typealias Renaming =
      @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    guard let symbol = dlsym(nil, "renameat2") else { return false }
    let exchanging: UInt32 = 2
    return unsafeBitCast(symbol, to: Renaming.self)(AT_FDCWD, one.path, AT_FDCWD, other.path, exchanging) == 0
  }

  deinit {
    if isOpen { try? FileManager.default.removeItem(at: url) }
  }

  /// Puts the folder in its place; what stood there changes places with it, or is moved aside, and is removed afterwards.
  ///
  /// - Throws: `InputError` when something appeared at the destination meanwhile and `replacing` is false.
  public func commit() throws {
    // A rename replaces nothing but an empty folder.
    if rename(url.path, destination.path) != 0 {
      guard errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR, isReplacing else {
        throw InputError(
          at: destination.path, expected: "a place for a new folder", found: String(cString: strerror(errno)))
      }
      let files = FileManager.default
      if Self.exchange(url, destination) {
        isOpen = false
        try? files.removeItem(at: url)  // What stood there before.
        return
      }
      let aside = url.deletingPathExtension().appendingPathExtension("old")
      try files.moveItem(at: destination, to: aside)
      do {
        try files.moveItem(at: url, to: destination)
      } catch {
        try? files.moveItem(at: aside, to: destination)
        throw error
      }
      try? files.removeItem(at: aside)
    }
    isOpen = false
  }
}
