import Files
import Foundation

/// Which mask belongs to which image: side by side (told apart by a suffix or an extension) or in parallel folders.
struct MaskPairs {
  struct Pair {
    /// Paths from the source folder.
    let image: String
    let mask: String?
    /// Path below the images' folder.
    let name: String
  }

  let pairs: [Pair]
  /// Masks without an image.
  let lonely: [String]

  /// Names of parallel folders that are looked for, in lower case.
  static let usualFolders = [
    ("images", "masks"), ("image", "mask"), ("imgs", "masks"), ("images", "labels"), ("images", "annotations"),
    ("images", "ground_truth"), ("images", "gt"), ("train_images", "train_masks"), ("jpegimages", "segmentationclass"),
  ]

  /// - Parameters:
  ///   - folders: of images and masks; nil: a usual pair of them if there is one, otherwise all lies together.
  ///   - suffix: what a mask's name has more than its image's.
  init(in listing: FolderListing, folders: (images: String, masks: String)?, suffix: String) {
    let all = listing.images
    if let folders = folders ?? Self.parallelFolders(in: listing) {
      func below(_ folder: String) -> [String] {
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        return all.filter { $0.hasPrefix(start) }.map { String($0.dropFirst(start.count)) }
      }
      self.init(
        below(folders.images), below(folders.masks), suffix: suffix, imagesBelow: folders.images + "/",
        masksBelow: folders.masks + "/")
    } else if !suffix.isEmpty {
      self.init(all.filter { !$0.stem.hasSuffix(suffix) }, all.filter { $0.stem.hasSuffix(suffix) }, suffix: suffix)
    } else {
      // Side by side with one stem: the PNG is the mask, for JPEG would have spoilt it.
      let stems = Dictionary(grouping: all, by: \.withoutExtension)
      let masks = all.filter { $0.fileExtension == "png" && (stems[$0.withoutExtension]?.count ?? 0) > 1 }
      let isMask = Set(masks)
      self.init(all.filter { !isMask.contains($0) }, masks, suffix: "")
    }
  }

  private init(
    _ images: [String], _ masks: [String], suffix: String, imagesBelow: String = "", masksBelow: String = ""
  ) {
    var byStem = Dictionary(masks.map { ($0.withoutExtension, $0) }, uniquingKeysWith: { first, _ in first })
    pairs = images.map { image in
      let mask = byStem.removeValue(forKey: image.withoutExtension + suffix)
      return Pair(image: imagesBelow + image, mask: mask.map { masksBelow + $0 }, name: image)
    }
    lonely = byStem.values.sorted().map { masksBelow + $0 }
  }

  /// A usual pair of folders at the top of which both hold images.
  static func parallelFolders(in listing: FolderListing) -> (images: String, masks: String)? {
    let tops = Set(listing.images.compactMap { path in path.contains("/") ? path.split(separator: "/").first : nil })
    let byName = Dictionary(tops.map { ($0.lowercased(), String($0)) }, uniquingKeysWith: { min($0, $1) })
    return usualFolders.lazy.compactMap { images, masks in
      byName[images].flatMap { images in byName[masks].map { (images, $0) } }
    }.first
  }
}
