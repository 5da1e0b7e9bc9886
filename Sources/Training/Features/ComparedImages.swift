import Datasets
import Files
import Foundation
import Images

/// The image files of one side of a comparison.
public struct ComparedImages: Sendable {
  public let files: [URL]
  /// Their names within the data set or folder.
  public let names: [String]

  /// Images of a data set, of one class and split if given; or all image files of a folder that is none.
  ///
  /// - Parameter className: nil takes every class but the clean one of a data set that has other images too.
  /// - Throws: `InputError` when there is nothing of the kind, or too little.
  public init(at url: URL, className: String? = nil, split: Split? = nil) throws {
    if Dataset.stands(at: url) {
      let dataset = try Dataset(at: url)
      if let className, !dataset.classNames.contains(className) {
        throw InputError(
          at: url.path, expected: "one of the classes \(dataset.classNames.joined(separator: ", "))",
          found: "'\(className)'")
      }
      let images = dataset.images(inClass: className, split: split).filter { className != nil || !$0.isClean }
      files = images.map(dataset.url(of:))
      names = images.map(\.fileName)
    } else {
      guard className == nil, split == nil else {
        throw InputError(
          at: url.path, expected: "a data set, to choose a class or split of", found: "none",
          remedy: "Without them all image files of the folder are taken")
      }
      let list = try FileList(imagesIn: url.path, expected: "a data set or a folder of images", found: "neither")
      files = (0..<list.count).map { list[$0] }
      names = files.map(\.lastPathComponent)
    }
    guard files.count >= SetComparison.leastImages else {
      throw InputError(
        at: url.path, expected: "at least \(SetComparison.leastImages) images", found: "\(files.count)")
    }
  }

  /// The most frequent size in pixels, and how many images have it. Reads every file.
  public func mostFrequentSize() throws -> (width: Int, height: Int, count: Int) {
    var sizes: [[Int]: Int] = [:]
    for file in files {
      let header = try EncodedImage(contentsOf: file.path).header
      sizes[[header.width, header.height], default: 0] += 1
    }
    let most = sizes.max { ($0.value, $1.key[0], $1.key[1]) < ($1.value, $0.key[0], $0.key[1]) }
    return (most?.key[0] ?? 0, most?.key[1] ?? 0, most?.value ?? 0)
  }
}
