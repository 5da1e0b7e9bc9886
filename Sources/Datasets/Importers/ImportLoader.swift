import Files
import Foundation
import Images

/// Reads one listed image with its labels and checks all of it; works on several threads at once.
struct ImportLoader: Sendable {
  /// An item whose files were read and found good.
  struct Loaded: Sendable {
    var file: Data
    var fileName: String
    let width: Int
    let height: Int
    let labels: [DatasetWriter.Label]
    let key: ContentDigest
    var window: ClosedRange<Int>?
    var remarks = Remarks()
  }

  /// What is worth a note, without being wrong.
  struct Remarks: Sendable {
    var hasEmptyMask = false
    /// A mask has values, and none above the threshold.
    var hasFaintMask = false
    var clipped = 0
    var thin = 0
  }

  let folder: SourceFolder
  let contents: ImportContents
  let pixelLimit: Int
  /// Values of 16 bits that are spread over 8 bits; nil keeps such files as they are.
  let window: ClosedRange<Int>?
  /// Names in the data set that are in use.
  private let names: Set<String>

  init(_ contents: ImportContents, of folder: SourceFolder, pixelLimit: Int, window: ClosedRange<Int>?) {
    self.folder = folder
    self.contents = contents
    self.pixelLimit = pixelLimit
    self.window = window
    names = Set(contents.items.map(\.fileName))
  }

  /// - Throws: `InputError` with the path from the source folder.
  func load(_ item: ImportItem) throws -> Loaded {
    let file = try folder.data(of: item.path)
    let image = try Image(decoding: file, at: item.path, pixelLimit: pixelLimit)
    var remarks = Remarks()
    var labels: [DatasetWriter.Label] = []
    switch item.label {
    case .clean(let path, let threshold):
      if let path, case let mask = try mask(path, above: threshold, of: image).mask, !mask.isEmpty {
        throw InputError(at: path, expected: "an empty mask of a clean image", found: "\(mask.area) pixels")
      }
    case .whole(let name):
      labels = [.init(name)]
    case .masked(let name, let path, let threshold, let emptyIsClean):
      let (mask, isFaint) = try mask(path, above: threshold, of: image)
      if !mask.isEmpty {
        labels = [.init(name, mask: mask)]
      } else if !emptyIsClean {
        labels = [.init(name)]
        remarks.hasEmptyMask = true
      }
      remarks.hasFaintMask = isFaint && emptyIsClean
    case .labels(let given):
      labels = try fitted(given, to: image, at: item.path, &remarks)
    case .labelFile(let path):
      labels = try fitted(contents.readLabels(folder.labels(of: path), path), to: image, at: path, &remarks)
    }
    var loaded = Loaded(
      file: file, fileName: item.fileName, width: image.width, height: image.height, labels: labels,
      key: try ContentKey.canonical(of: image).key, remarks: remarks)
    if image.bits == 16 {
      loaded.window = window ?? 0...65535
      if let window {
        loaded.file = try image.eightBit(window: window).encoded(as: .png)
        let name = item.fileName.withoutExtension + ".png"
        if name != item.fileName { loaded.fileName = names.contains(name) ? item.fileName + ".png" : name }
      }
    }
    return loaded
  }

  private func fitted(
    _ given: ImportLabels, to image: Image, at place: String, _ remarks: inout Remarks
  ) throws -> [DatasetWriter.Label] {
    let fitted = try FittedLabels(given, width: image.width, height: image.height, at: place)
    remarks.clipped = fitted.clipped
    remarks.thin = fitted.thin
    return fitted.labels
  }

  private func mask(_ path: String, above threshold: UInt8, of image: Image) throws -> (mask: Mask, isFaint: Bool) {
    let picture = try Image(decoding: folder.data(of: path), at: path, pixelLimit: pixelLimit)
    guard (picture.width, picture.height) == (image.width, image.height) else {
      throw InputError(
        at: path, expected: "a mask of \(image.width) × \(image.height)", found: "\(picture.width) × \(picture.height)")
    }
    let mask = Mask(thresholding: picture, above: threshold)
    return (mask, mask.isEmpty && threshold > 0 && !Mask(thresholding: picture, above: 0).isEmpty)
  }
}
