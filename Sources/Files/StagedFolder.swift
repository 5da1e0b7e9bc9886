import Foundation

/// A folder that is filled beside its destination and takes its place in one step, so that nobody ever sees half of it.
public final class StagedFolder {
  /// Where to write meanwhile.
  public let url: URL
  private let destination: URL
  private var isOpen = true

  /// - Throws: `InputError` when something stands at `destination` and `replacing` is false, or nothing can be written.
  public init(for destination: URL, replacing: Bool = false) throws {
    let files = FileManager.default
    self.destination = destination.standardizedFileURL
    if files.fileExists(atPath: destination.path), !replacing {
      throw InputError(
        at: destination.path, expected: "a folder that does not exist yet", found: "one that does",
        remedy: "Choose another name, or remove it first")
    }
    url = self.destination.deletingLastPathComponent()
      .appendingPathComponent(".\(destination.lastPathComponent).\(ProcessInfo.processInfo.processIdentifier).part")
    try? files.removeItem(at: url)
    try files.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit {
    if isOpen { try? FileManager.default.removeItem(at: url) }
  }

  /// Puts the folder in its place; what stood there is moved aside first and removed afterwards.
  public func commit() throws {
    let files = FileManager.default
    var old: URL?
    if files.fileExists(atPath: destination.path) {
      let aside = url.appendingPathExtension("old")
      try? files.removeItem(at: aside)
      try files.moveItem(at: destination, to: aside)
      old = aside
    }
    do {
      try files.moveItem(at: url, to: destination)
    } catch {
      if let old { try? files.moveItem(at: old, to: destination) }
      throw error
    }
    isOpen = false
    if let old { try? files.removeItem(at: old) }
  }
}
