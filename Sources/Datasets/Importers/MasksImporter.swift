import Files
import Foundation
import Images

/// Images with masks, in one folder (told apart by a suffix or an extension) or in two parallel folders.
public struct MasksImporter: Importer {
  public static let format = "masks"
  public static let summary = "images with masks, side by side or in parallel folders"

  /// From where the class of an image with a binary mask is taken.
  public enum ClassSource: Sendable, Equatable {
    /// All defects are of one kind.
    case name(String)
    /// The start of the file's name up to "_", "-", a blank or its number: `In_12.bmp` is of class `In`.
    case prefix
    /// The first folder of the path below the images.
    case folder
  }

  public let classSource: ClassSource
  /// The class whose images are clean; images with an empty mask are clean, too.
  public let clean: String
  /// Folders of images and masks below the source. nil: `images` and `masks` (or other usual names) where both exist, otherwise
  /// one folder.
  public let folders: (images: String, masks: String)?
  /// What a mask's name has more than its image's, such as "_mask".
  public let suffix: String
  public let values: MaskValues
  public let threads: Int

  public init(
    classSource: ClassSource, clean: String = "Clean", folders: (images: String, masks: String)? = nil,
    suffix: String = "", values: MaskValues = .binary(above: 127), threads: Int = 2
  ) {
    self.classSource = classSource
    self.clean = clean
    self.folders = folders
    self.suffix = suffix
    self.values = values
    self.threads = threads
  }

  public func contents(of source: URL) throws -> ImportContents {
    let listing = try FolderListing(of: source)
    for folder in [folders?.images, folders?.masks].compactMap({ $0 }) {
      guard FolderListing.isFolder(source.appendingPathComponent(folder)) else {
        throw InputError(at: source.path, expected: "a folder '\(folder)'", found: "none")
      }
    }
    let pairs = MaskPairs(in: listing, folders: folders, suffix: suffix)
    guard !pairs.pairs.isEmpty else {
      throw InputError(at: source.path, expected: "images with masks", found: "no images")
    }
    var contents: ImportContents
    switch values {
    case .binary(let threshold): contents = binary(pairs, above: threshold)
    case .index(let names):
      contents = try classMasks(pairs, names: index(names, pairs, listing, SourceFolder(source)), colours: nil)
    case .colours(let colours): contents = classMasks(pairs, names: colours.map(\.name), colours: colours.map(\.value))
    }
    contents.problems += pairs.lonely.map { ImportProblem($0, "a mask without an image") }
    return contents
  }

  private func binary(_ pairs: MaskPairs, above threshold: UInt8) -> ImportContents {
    var categories: Set<String> = []
    var items: [ImportItem] = []
    var problems: [ImportProblem] = []
    for pair in pairs.pairs {
      guard let name = className(of: pair.name) else {
        problems.append(ImportProblem(pair.image, "its name tells no class"))
        continue
      }
      let label: ImportItem.Label
      if name == clean {
        label = .clean(mask: pair.mask, above: threshold)
      } else if let mask = pair.mask {
        label = .masked(name, mask: mask, above: threshold, emptyIsClean: true)
        categories.insert(name)
      } else {
        problems.append(withoutMask(pair))
        continue
      }
      items.append(ImportItem(path: pair.image, fileName: pair.name, label: label))
    }
    var contents = ImportContents(cleanName: clean, categories: categories.sorted(), items: items)
    contents.problems = problems
    return contents
  }

  private func classMasks(_ pairs: MaskPairs, names: [String], colours: [Int]?) -> ImportContents {
    var contents = ImportContents(
      cleanName: clean, categories: names,
      items: pairs.pairs.compactMap { pair in
        pair.mask.map { ImportItem(path: pair.image, fileName: pair.name, label: .labelFile($0)) }
      })
    contents.problems = pairs.pairs.filter { $0.mask == nil }.map(withoutMask)
    contents.readLabels = { file, place in
      try ClassMask(file, at: place, colours: colours).labels(names: names, at: place)
    }
    return contents
  }

  private func withoutMask(_ pair: MaskPairs.Pair) -> ImportProblem {
    ImportProblem(pair.image, "no mask of the same name\(suffix.isEmpty ? "" : " and '\(suffix)'")")
  }

  /// Names of the classes in index masks: as given, as classes.txt says, or numbered.
  private func index(
    _ given: [String]?, _ pairs: MaskPairs, _ listing: FolderListing, _ folder: SourceFolder
  ) throws -> [String] {
    let names = try given ?? YOLOImporter.nameFile(in: listing, folder)
    let masks = pairs.pairs.compactMap(\.mask)
    // Without names all masks are looked through for their values; otherwise a few, for masks of another kind.
    let count = names == nil ? masks.count : min(masks.count, 32)
    let values = parallelMap(count: count, threads: threads) { index in
      (try? ClassMask(folder.data(of: masks[index]), at: masks[index], colours: nil))?.values ?? []
    }
    let all = Set(values.joined())
    guard all != [ClassMask.void] else {
      throw InputError(
        at: folder.url.path, expected: "masks whose values are the numbers of classes", found: "0 and 255 alone",
        remedy: "These are binary masks: leave out --values index")
    }
    if let names { return names }
    guard let last = all.subtracting([ClassMask.void]).max() else {
      throw InputError(at: folder.url.path, expected: "masks whose values are the numbers of classes", found: "0 alone")
    }
    return (1...last).map { "class_\($0)" }
  }

  private func className(of name: String) -> String? {
    switch classSource {
    case .name(let name): return name
    case .folder:
      let parts = name.split(separator: "/")
      return parts.count > 1 ? parts.first.map(String.init) : nil
    case .prefix: return Self.prefix(of: name)
    }
  }

  static func prefix(of name: String) -> String? {
    let prefix = name.stem.prefix { !"_- ".contains($0) && !$0.isNumber }
    return prefix.isEmpty ? nil : String(prefix)
  }
}
