import Files
import Foundation
import Images

/// Which files shall be translated, and where to.
public struct TranslatedFiles: Sendable {
  public struct Pair: Equatable, Sendable {
    public let source: URL
    public let target: URL
  }

  /// In the order in which they were named, within a folder by their paths.
  public let pairs: [Pair]

  /// - Parameters:
  ///   - places: files, and folders with all images below them (hidden ones left out).
  ///   - folder: where a file's translation lies under its name, and a folder's under their paths from there; all as PNG.
  /// - Throws: `InputError` where nothing is to be translated, two would get one name, one stands there already (unless
  ///   `replacing`), or a translation would lie among the images or in place of one.
  public init(_ places: [URL], to folder: URL, replacing: Bool = false) throws {
    var pairs: [Pair] = []
    for place in places {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
        throw InputError(at: place.path, expected: "an image or a folder of images", found: "nothing")
      }
      let paths = isFolder.boolValue ? try Self.images(in: place, without: folder) : [place.lastPathComponent]
      for path in paths {
        pairs.append(
          Pair(
            source: isFolder.boolValue ? place.appendingPathComponent(path) : place,
            target: folder.appendingPathComponent((path as NSString).deletingPathExtension + ".png")))
      }
    }
    guard !pairs.isEmpty else {
      throw InputError(
        at: places.map(\.path).joined(separator: ", "), expected: "images", found: "none by their names",
        remedy: "Name files that end in \(ImageFormat.searchedExtensions.sorted().joined(separator: ", "))")
    }
    var sources: [String: URL] = [:]
    for pair in pairs {
      if let other = sources.updateValue(pair.source, forKey: pair.target.path) {
        throw InputError(
          at: pair.target.path, expected: "the translation of one image",
          found: "those of \(other.path) and \(pair.source.path)", remedy: "Translate them into two folders")
      }
    }
    let originals = Set(pairs.map { Self.real($0.source) })
    for pair in pairs {
      guard !originals.contains(Self.real(pair.target)) else {
        throw InputError(at: pair.target.path, expected: "a place for a translation", found: "one of the images")
      }
      guard replacing || !FileManager.default.fileExists(atPath: pair.target.path) else {
        throw InputError(
          at: pair.target.path, expected: "a place that is free", found: "a file",
          remedy: "Choose another folder, or --replace")
      }
    }
    self.pairs = pairs
  }

  private static func real(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path }

  /// Paths from the folder, in order.
  private static func images(in folder: URL, without target: URL) throws -> [String] {
    let (start, target) = (real(folder), real(target))
    guard start != target else {
      throw InputError(
        at: target, expected: "another folder than that of the images", found: "the same",
        remedy: "Give --to a folder of its own")
    }
    guard let files = FileManager.default.enumerator(atPath: start) else {
      throw InputError(at: folder.path, expected: "a readable folder", found: "one that cannot be listed")
    }
    var paths: [String] = []
    while let path = files.nextObject() as? String {
      guard !path.split(separator: "/").contains(where: { $0.hasPrefix(".") }),
        ImageFormat.searchedExtensions.contains((path as NSString).pathExtension.lowercased()),
        files.fileAttributes?[.type] as? FileAttributeType != .typeDirectory,
        !"\(start)/\(path)".hasPrefix(target + "/")
      else { continue }
      paths.append(path)
    }
    return paths.sorted()
  }
}

extension WholeTranslation {
  /// Translates files one after another. Each translation appears whole or not at all; a file that cannot be read does not
  /// keep the others from being translated.
  ///
  /// - Parameter progress: called with the number of files done, and what was wrong with the last, if anything was.
  public func translate(_ files: TranslatedFiles, progress: (Int, InputError?) -> Void = { _, _ in }) throws {
    for (index, pair) in files.pairs.enumerated() {
      let read = Result { try Image(contentsOf: pair.source) }
      switch read {
      case .failure(let error as InputError): progress(index + 1, error)
      case .failure(let error): throw error
      case .success(let original):
        let made = try image(of: original)
        try FileManager.default.createDirectory(
          at: pair.target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try AtomicFile.write(made.encoded(as: .png), to: pair.target)
        progress(index + 1, nil)
      }
    }
  }
}
