import Files
import Foundation

/// Images with masks, in one folder (told apart by a suffix or an extension) or in two parallel folders.
public struct MasksImporter: Importer {
  public static let format = "masks"
  public static let summary = "images with masks, side by side or in parallel folders"

  /// From where a class is taken.
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
  /// Folders of images and masks below the source. nil: `images` and `masks` where both exist, otherwise one folder.
  public let folders: (images: String, masks: String)?
  /// What a mask's name has more than its image's, such as "_mask".
  public let suffix: String

  public init(
    classSource: ClassSource, clean: String = "Clean", folders: (images: String, masks: String)? = nil,
    suffix: String = ""
  ) {
    self.classSource = classSource
    self.clean = clean
    self.folders = folders
    self.suffix = suffix
  }

  public func contents(of source: URL) throws -> ImportContents {
    let pairs = try pairs(in: source)
    var categories: Set<String> = []
    var items: [ImportItem] = []
    var problems: [ImportProblem] = []
    for pair in pairs.list {
      guard let name = className(of: pair.name) else {
        problems.append(ImportProblem(pair.image, "its name tells no class"))
        continue
      }
      let label: ImportItem.Label
      if name == clean {
        label = .clean(mask: pair.mask)
      } else if let mask = pair.mask {
        label = .masked(name, mask: mask, emptyIsClean: true)
        categories.insert(name)
      } else {
        problems.append(
          ImportProblem(pair.image, "no mask of the same name\(suffix.isEmpty ? "" : " and '\(suffix)'")"))
        continue
      }
      items.append(ImportItem(path: pair.image, fileName: pair.name, label: label))
    }
    guard !pairs.list.isEmpty else {
      throw InputError(at: source.path, expected: "images with masks", found: "no images")
    }
    var contents = ImportContents(cleanName: clean, categories: categories.sorted(), items: items)
    contents.problems = problems + pairs.lonely.map { ImportProblem($0, "a mask without an image") }
    return contents
  }

  private struct Pair {
    let image: String
    /// Path below the images' folder.
    let name: String
    let mask: String?
  }

  private func pairs(in source: URL) throws -> (list: [Pair], lonely: [String]) {
    var folders = folders
    if folders == nil, FolderListing.isFolder(source.appendingPathComponent("images")),
      FolderListing.isFolder(source.appendingPathComponent("masks"))
    {
      folders = ("images", "masks")
    }
    if let folders {
      let images = try FolderListing(of: source.appendingPathComponent(folders.images)).images
      let masks = try FolderListing(of: source.appendingPathComponent(folders.masks)).images
      return pair(images, masks, imagesBelow: folders.images + "/", masksBelow: folders.masks + "/")
    }
    let all = try FolderListing(of: source).images
    if !suffix.isEmpty {
      return pair(all.filter { !$0.stem.hasSuffix(suffix) }, all.filter { $0.stem.hasSuffix(suffix) })
    }
    // Side by side with one stem: the PNG is the mask, for JPEG would have spoilt it.
    let stems = Dictionary(grouping: all, by: withoutExtension)
    let masks = all.filter { path in
      (path as NSString).pathExtension.lowercased() == "png" && (stems[withoutExtension(path)]?.count ?? 0) > 1
    }
    let isMask = Set(masks)
    return pair(all.filter { !isMask.contains($0) }, masks)
  }

  private func pair(
    _ images: [String], _ masks: [String], imagesBelow: String = "", masksBelow: String = ""
  ) -> (list: [Pair], lonely: [String]) {
    var byStem = Dictionary(masks.map { (withoutExtension($0), $0) }, uniquingKeysWith: { first, _ in first })
    let list = images.map { image in
      let mask = byStem.removeValue(forKey: withoutExtension(image) + suffix)
      return Pair(image: imagesBelow + image, name: image, mask: mask.map { masksBelow + $0 })
    }
    return (list, byStem.values.sorted().map { masksBelow + $0 })
  }

  private func withoutExtension(_ path: String) -> String { (path as NSString).deletingPathExtension }

  private func className(of name: String) -> String? {
    switch classSource {
    case .name(let name): return name
    case .folder:
      let parts = name.split(separator: "/")
      return parts.count > 1 ? parts.first.map(String.init) : nil
    case .prefix:
      let prefix = name.stem.prefix { !"_- ".contains($0) && !$0.isNumber }
      return prefix.isEmpty ? nil : String(prefix)
    }
  }
}
