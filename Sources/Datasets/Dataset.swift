import Files
import Foundation
import Images

/// A data set on disk: `images/`, `annotations.json` (COCO), `splits.json` and `provenance.json`.
///
/// Opening checks everything but the pixels; `pixels(of:)` checks those. An image without annotations is clean; a label of
/// a whole image is an annotation without segmentation whose box is the image.
public struct Dataset: Sendable {
  public let folder: URL
  /// What it is, in a line.
  public let description: String
  /// The name of the class of images without annotations, such as "Free".
  public let cleanName: String
  /// In the order of their ids.
  public let categories: [Category]
  /// In the order of their file names.
  public let images: [DatasetImage]

  /// The clean class, then the categories by id.
  public var classNames: [String] { [cleanName] + categories.map(\.name) }

  /// Whether any image stands in a split.
  public var isSplit: Bool { images.contains { $0.split != nil } }

  /// Opens and checks a data set.
  ///
  /// - Throws: `InputError` with file and key at the first thing that is not as it must be.
  public init(at folder: URL) throws { self = try DatasetReader(folder: folder).read() }

  /// Whether the folder holds a data set, as far as its name for the annotations tells.
  public static func stands(at folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appendingPathComponent(DatasetForm.annotations).path)
  }

  init(folder: URL, head: DatasetHead, images: [DatasetImage]) {
    self.folder = folder
    description = head.description
    cleanName = head.cleanName
    categories = head.categories
    self.images = images
  }

  /// The class of an image: the clean class without annotations, otherwise its category; of several categories, the one
  /// that covers the largest area, and the lower id where two cover the same.
  public func className(of image: DatasetImage) -> String {
    guard let largest = image.largestCategory else { return cleanName }
    return categories.first { $0.id == largest }?.name ?? cleanName
  }

  /// Images of a class and split, in order; nil stands for any.
  public func images(inClass name: String? = nil, split: Split? = nil) -> [DatasetImage] {
    images.filter { image in
      (split == nil || image.split == split) && (name == nil || className(of: image) == name)
    }
  }

  /// Images by their file names; nil stands for any split.
  public func imagesByName(split: Split? = nil) -> [String: DatasetImage] {
    Dictionary(images(split: split).map { ($0.fileName, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// - Throws: `InputError` where no image stands in a split.
  public func requireSplit() throws {
    guard isSplit else {
      throw InputError(
        at: folder.path, expected: "a data set with splits", found: "none",
        remedy: "Run `patina split \(folder.path)` first")
    }
  }

  /// The real clean images of the training split, in order: what defects may be made on.
  ///
  /// - Throws: `InputError` when the data set is not split, or has none.
  public func cleanTrainingImages() throws -> [DatasetImage] {
    try requireSplit()
    let clean = images(inClass: cleanName, split: .train).filter { !$0.isSynthetic }
    guard !clean.isEmpty else {
      throw InputError(at: folder.path, expected: "clean images in the training split", found: "none")
    }
    return clean
  }

  public func url(of image: DatasetImage) -> URL {
    folder.appendingPathComponent(DatasetForm.images).appendingPathComponent(image.fileName)
  }

  /// Where the depth map of a rendered image stands, if it has one: 16-bit grey PNG.
  public func depthURL(of image: DatasetImage) -> URL {
    let name = (image.fileName as NSString).deletingPathExtension + ".png"
    return folder.appendingPathComponent(DatasetForm.depth).appendingPathComponent(name)
  }

  /// Decodes an image's file.
  ///
  /// - Throws: `InputError` when the file is damaged, or of another size than `annotations.json` says.
  public func pixels(of image: DatasetImage) throws -> Image {
    let url = url(of: image)
    let pixels = try Image(contentsOf: url)
    guard pixels.width == image.width, pixels.height == image.height else {
      throw InputError(
        at: url.path, expected: "\(image.width) × \(image.height) pixels as annotations.json says",
        found: "\(pixels.width) × \(pixels.height)")
    }
    return pixels
  }

  /// All defect pixels of an image: the union of its annotations' masks; empty for a clean image; nil for an image with
  /// annotations of which none has a mask, where nobody knows.
  public func mask(of image: DatasetImage) -> Mask? {
    guard !image.isClean else { return Mask(width: image.width, height: image.height) }
    return DatasetImage.union(image.annotations)
  }
}
