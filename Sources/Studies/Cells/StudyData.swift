import Datasets
import Files
import Foundation
import Images

/// The data set of a study, checked so that nothing of the test split can reach a training.
public struct StudyData: Sendable {
  public struct Item: Sendable {
    public let image: DatasetImage
    public let url: URL
    /// Position among the study's classes; 0 is clean.
    public let label: Int
    /// The same for the picture and all its turned and mirrored copies.
    let contentKey: String
  }

  public let dataset: Dataset
  public let classes: [String]
  public let train: [Item]
  public let validation: [Item]
  public let test: [Item]
  /// SHA-256 over class, split, group and content of every image that takes part.
  public let hash: String
  /// 1 when all of them are grey, else 3.
  public let channels: Int
  private let fit: ImageTransform.Fit

  /// Reads every file once.
  ///
  /// - Parameters:
  ///   - needsMasks: whether it must be known of each pixel what it shows.
  ///   - fit: how images that are no squares are shown to classifiers.
  /// - Throws: `InputError` when the data set is not split, a class is missing from a split, an image or group stands on two
  ///   sides, a file is not the one that was imported, an image is synthetic, or masks are needed and not there.
  public init(
    _ dataset: Dataset, classes: [String], needsMasks: Bool = false, fit: ImageTransform.Fit = .stretch
  ) throws {
    let place = dataset.folder.path
    self.dataset = dataset
    self.classes = classes
    self.fit = fit
    guard dataset.isSplit else {
      throw InputError(
        at: place, expected: "a data set with splits", found: "none", remedy: "Run `patina split \(place)` first")
    }
    guard classes.first == dataset.cleanName else {
      throw InputError(at: place, expected: "the clean class '\(classes.first ?? "")'", found: dataset.cleanName)
    }
    if let missing = classes.first(where: { !dataset.classNames.contains($0) }) {
      throw InputError(
        at: place, expected: "a class '\(missing)'", found: dataset.classNames.joined(separator: ", "))
    }
    var sides: [Split: [Item]] = [:]
    var listing = ""
    var isGrey = true
    for image in dataset.images {
      guard let split = image.split, let label = classes.firstIndex(of: dataset.className(of: image)) else { continue }
      let url = dataset.url(of: image)
      guard !image.isSynthetic else {
        throw InputError(at: url.path, expected: "real images only", found: "a synthetic one")
      }
      let data = try Image.data(of: url)
      let hash = ContentHash.sha256(data)
      guard hash == image.provenance.sha256 else {
        throw InputError(
          at: url.path, expected: "the file that was imported", found: "another content",
          remedy: "Import the data set again")
      }
      let pixels = try Image(decoding: data, at: url.path)
      isGrey = isGrey && pixels.channels == 1
      let key = try ContentKey.anyOrientation(of: pixels)
      sides[split, default: []].append(Item(image: image, url: url, label: label, contentKey: key))
      listing += "\(classes[label])\t\(split.rawValue)\t\(image.group)\t\(hash)"
      listing += needsMasks ? "\t\(try Self.masksHash(of: image, dataset))\n" : "\n"
    }
    train = sides[.train] ?? []
    validation = sides[.validation] ?? []
    test = sides[.test] ?? []
    hash = ContentHash.sha256(Data(listing.utf8))
    channels = isGrey ? 1 : 3
    try checkSides(sides, place: place)
  }

  private static func masksHash(of image: DatasetImage, _ dataset: Dataset) throws -> String {
    let lines = try image.annotations.map { annotation -> String in
      guard let code = annotation.segmentation else {
        throw InputError(
          at: dataset.url(of: image).path, expected: "a mask of each defect, which a segmenter learns from",
          found: "a defect without", remedy: "Remove the image, or study 'task: classification'")
      }
      return "\(annotation.categoryID) \(code.compressed)"
    }
    return ContentHash.sha256(Data(lines.joined(separator: "\n").utf8))
  }

  private func checkSides(_ sides: [Split: [Item]], place: String) throws {
    var groups: [String: (Split, String)] = [:]
    var contents: [String: (Split, String)] = [:]
    for split in Split.allCases {
      let items = sides[split] ?? []
      for (label, name) in classes.enumerated() where !items.contains(where: { $0.label == label }) {
        throw InputError(
          at: place, expected: "images of '\(name)' in the \(split.rawValue) split", found: "none",
          remedy: "Split again with other fractions, or add images")
      }
      for item in items {
        let name = item.image.fileName
        if let (other, first) = groups[item.image.group], other != split {
          throw leak(place, "the group '\(item.image.group)'", first, other, name, split)
        }
        if let (other, first) = contents[item.contentKey], other != split {
          throw leak(place, "one picture (perhaps turned or mirrored)", first, other, name, split)
        }
        groups[item.image.group] = (split, name)
        contents[item.contentKey] = (split, name)
      }
    }
  }

  private func leak(
    _ place: String, _ what: String, _ first: String, _ one: Split, _ second: String, _ other: Split
  ) -> InputError {
    InputError(
      at: place, expected: "splits that share nothing",
      found: "\(what) on two sides: \(first) in \(one.rawValue), \(second) in \(other.rawValue)",
      remedy: "Split again; groups are kept together")
  }

  /// How the classifier sees images, and the report shows them.
  func transform(size: Int) -> ImageTransform {
    ImageTransform(size: size, loadSize: size, channels: channels, flips: false, fit: fit)
  }

  func items(_ split: Split) -> [Item] {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The items of a split with what each of their pixels shows, in the same order.
  func labelled(_ split: Split) throws -> LabelledImages {
    let all = try LabelledImages([dataset], defects: Array(classes.dropFirst()), split: split)
    let known = Dictionary(all.items.map { ($0.image.fileName, $0) }, uniquingKeysWith: { first, _ in first })
    return LabelledImages(classNames: all.classNames, items: items(split).compactMap { known[$0.image.fileName] })
  }

  public func count(_ items: [Item], _ label: Int) -> Int { items.count { $0.label == label } }
}

extension StudyData {
  init(_ dataset: Dataset, _ settings: StudySettings) throws {
    try self.init(
      dataset, classes: settings.classes, needsMasks: settings.network.isSegmenter,
      fit: settings.network.fit ?? .stretch)
  }
}
