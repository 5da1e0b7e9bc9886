import Foundation

/// The files of the checkout that these tests were built from.
struct Checkout {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folders of `Sources`, in order. Empty where there is no checkout, which a test of its own refuses.
  static let targets: [String] = {
    let sources = Checkout().root.appendingPathComponent("Sources").path
    return ((try? FileManager.default.contentsOfDirectory(atPath: sources)) ?? []).filter { !$0.hasPrefix(".") }
      .sorted()
  }()

  func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Paths below `folder` (or the path itself, of a file) that end in one of `extensions`, in order; any file for nil.
  /// Hidden files and folders are left out, build products among them.
  func files(in folder: String, _ extensions: Set<String>? = nil) throws -> [String] {
    let url = root.appendingPathComponent(folder)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return [] }
    guard isFolder.boolValue else { return [folder] }
    return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { !$0.hasPrefix(".") }.sorted()
      .flatMap { name in
        try files(in: "\(folder)/\(name)", extensions)
      }
      .filter { path in extensions?.contains((path as NSString).pathExtension) ?? true }
  }
}
