import Datasets
import Files
import Foundation
import Images

/// The image files of one side of a comparison.
public struct ComparedImages: Sendable {
  public let files: [URL]
  /// Their names within the data set or folder.
  public let names: [String]
  /// Of synthetic images of a data set, what each was made from; nil for others.
  public let sources: [Source?]
  private let dataset: Dataset?

  /// The clean image that a synthetic one was made from.
  public struct Source: Equatable, Sendable {
    public let name: String
    public let group: String
  }

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
      sources = images.map { image in
        image.provenance.synthetic.map { Source(name: $0.source, group: image.provenance.group) }
      }
      self.dataset = dataset
    } else {
      guard className == nil, split == nil else {
        throw InputError(
          at: url.path, expected: "a data set, to choose a class or split of", found: "none",
          remedy: "Without them all image files of the folder are taken")
      }
      let list = try FileList(imagesIn: url.path, expected: "a data set or a folder of images", found: "neither")
      files = (0..<list.count).map { list[$0] }
      names = files.map(\.lastPathComponent)
      sources = files.map { _ in nil }
      dataset = nil
    }
    guard files.count >= SetComparison.leastImages else {
      throw InputError(
        at: url.path, expected: "at least \(SetComparison.leastImages) images", found: "\(files.count)")
    }
  }

  /// The files of clean images by name, of the whole data set that the images were chosen from; those alone that a synthetic
  /// image can have been made from by name and group.
  public func files(of sources: [Source?]) -> [String: URL] {
    guard let dataset else { return [:] }
    let wanted = Dictionary(
      sources.compactMap { $0 }.map { ($0.name, $0.group) }, uniquingKeysWith: { first, _ in first })
    let found = dataset.images.filter { $0.isClean && !$0.isSynthetic && wanted[$0.fileName] == $0.group }
    return Dictionary(found.map { ($0.fileName, dataset.url(of: $0)) }, uniquingKeysWith: { first, _ in first })
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
