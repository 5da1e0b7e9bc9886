import Files
import Foundation
import Images

/// Images of one split of one or several data sets, under classes that the sets share by name.
///
/// Clean images take part, and those that show one of the classes. What shows only other defects is left out: it is neither.
public struct LabelledImages: Sendable {
  /// Pixels of one class.
  public struct Region: Equatable, Sendable {
    /// Position in `classNames`, from 1 on.
    public let label: Int
    public let code: RunLengthCode
  }

  public struct Item: Sendable {
    public let url: URL
    public let image: DatasetImage
    /// Of the whole image, a position in `classNames`: 0 is clean; of several classes the one that covers the largest area.
    public let label: Int
    public let regions: [Region]
    /// Whether it is known of each pixel what it shows. Not so where a label has no mask.
    public let isMapped: Bool

    public init(url: URL, image: DatasetImage, label: Int, regions: [Region], isMapped: Bool) {
      self.url = url
      self.image = image
      self.label = label
      self.regions = regions
      self.isMapped = isMapped
    }
  }

  /// The clean class, then the defects.
  public let classNames: [String]
  /// Data set by data set, in their order.
  public let items: [Item]

  /// - Parameter defects: the classes to tell apart, in order.
  /// - Throws: `InputError` when a data set is not split, or a class is named twice. A class that no data set has has no images.
  public init(_ datasets: [Dataset], defects: [String], split: Split) throws {
    guard let first = datasets.first else {
      throw InputError(at: "data sets", expected: "at least one", found: "none")
    }
    for dataset in datasets { try dataset.requireSplit() }
    guard !defects.isEmpty, Set(defects).count == defects.count else {
      throw InputError(
        at: first.folder.path, expected: "classes of defects, each once", found: defects.joined(separator: ", "))
    }
    classNames = [first.cleanName] + defects
    items = datasets.flatMap { dataset in
      let labels = Dictionary(
        uniqueKeysWithValues: dataset.categories.compactMap { category in
          defects.firstIndex(of: category.name).map { (category.id, $0 + 1) }
        })
      return dataset.images(split: split).compactMap { Self.item($0, dataset.url(of: $0), labels) }
    }
  }

  /// The names of all classes of defects, data set by data set, each once.
  public static func defectNames(of datasets: [Dataset]) -> [String] {
    var names: [String] = []
    for name in datasets.flatMap({ $0.categories.map(\.name) }) where !names.contains(name) { names.append(name) }
    return names
  }

  public init(classNames: [String], items: [Item]) {
    self.classNames = classNames
    self.items = items
  }

  /// Those of which it is known what each pixel shows.
  public var mapped: LabelledImages { LabelledImages(classNames: classNames, items: items.filter(\.isMapped)) }

  /// Those that no program made.
  public var real: LabelledImages {
    LabelledImages(classNames: classNames, items: items.filter { !$0.image.isSynthetic })
  }

  /// How many images are of each class.
  public var counts: [Int] { classNames.indices.map { label in items.count { $0.label == label } } }

  private static func item(_ image: DatasetImage, _ url: URL, _ labels: [Int: Int]) -> Item? {
    guard !image.isClean else { return Item(url: url, image: image, label: 0, regions: [], isMapped: true) }
    var areas: [Int: Double] = [:]
    var regions: [Region] = []
    var isMapped = true
    for annotation in image.annotations {
      guard let label = labels[annotation.categoryID] else { continue }
      areas[label, default: 0] += annotation.area
      if let code = annotation.segmentation {
        regions.append(Region(label: label, code: code))
      } else {
        isMapped = false
      }
    }
    guard let label = areas.min(by: { ($1.value, $0.key) < ($0.value, $1.key) })?.key else { return nil }
    return Item(url: url, image: image, label: label, regions: regions, isMapped: isMapped)
  }
}

extension LabelledImages.Item {
  /// Decodes the image's file.
  ///
  /// - Parameter channels: 1 grey, 3 colour.
  /// - Throws: `InputError` when the file is damaged, or of another size than `annotations.json` says.
  public func pixels(channels: Int) throws -> Image {
    let pixels = try EncodedImage(contentsOf: url.path).decoded(channels: channels)
    guard pixels.width == image.width, pixels.height == image.height else {
      throw InputError(
        at: url.path, expected: "\(image.width) × \(image.height) pixels as annotations.json says",
        found: "\(pixels.width) × \(pixels.height)")
    }
    return pixels
  }

  /// What each pixel shows: 0 background, else a position in `classNames`; the later class where regions overlap.
  ///
  /// Shapes: → [H · W], rows from the top.
  public func labelMap() -> [UInt8] {
    let (width, height) = (image.width, image.height)
    var map = [UInt8](repeating: 0, count: width * height)
    for region in regions.sorted(by: { $0.label < $1.label }) {
      for run in region.code.runs {
        var (x, y) = (run.start / height, run.start % height)
        for _ in 0..<run.count {
          map[y * width + x] = UInt8(region.label)
          y += 1
          if y == height { (x, y) = (x + 1, 0) }
        }
      }
    }
    return map
  }
}
