import Foundation

/// Folders that are there afterwards, or an error that says why not.
public enum Folder {
  /// Makes a folder and those above it; one that is there already will do.
  ///
  /// - Throws: `InputError` with the place and the system's reason.
  public static func create(at url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      var isFolder: ObjCBool = false
      let isFile = FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
      throw InputError(
        at: url.path, expected: "a place for a folder", found: isFile ? "a file" : error.localizedDescription)
    }
  }
}
