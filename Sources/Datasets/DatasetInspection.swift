import Files
import Foundation
import Images

/// What can be seen of a data set by opening every image: counts, sizes, brightness, defects, copies and leaks.
public struct DatasetInspection: Codable, Equatable, Sendable {
  /// Smallest, middle and largest of a list.
  public struct Spread: Codable, Equatable, Sendable {
    public let least: Double
    public let median: Double
    public let most: Double

    /// nil for an empty list.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let first = sorted.first, let last = sorted.last else { return nil }
      least = first
      most = last
      let middle = sorted.count / 2
      median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
  }

  public struct ClassReport: Codable, Equatable, Sendable {
    public let name: String
    public let images: Int
    public let groups: Int
    /// Images by split; those in none under "none".
    public let splits: [String: Int]
    public let synthetic: Int
    /// Mean brightness of an image, 0 ... 1.
    public let brightness: Spread?
    /// Images with a mask, 8-connected defects in them, their pixels, and the share of an image that they cover.
    public let masked: Int
    public let defects: Int
    public let defectArea: Spread?
    public let coverage: Spread?
  }

  /// Images or groups that stand in more than one split: a leak from test to train.
  public struct Leak: Codable, Equatable, Sendable {
    /// File names, or the group.
    public let names: [String]
    public let splits: [String]
  }

  public let description: String
  public let images: Int
  public let groups: Int
  /// The clean class first.
  public let classes: [ClassReport]
  public let width: Spread?
  public let height: Spread?
  public let greyImages: Int
  public let sixteenBitImages: Int
  /// Sets of images that show the same, maybe turned or mirrored.
  public let copies: [[String]]
  public let leakingCopies: [Leak]
  public let leakingGroups: [Leak]
  /// Synthetic images outside of train, or made from an image that is not in train.
  public let leakingSynthetic: [String]
  /// Files that cannot be read, or are not those that the provenance names.
  public let problems: [ImportProblem]

  public var hasLeaks: Bool { !leakingCopies.isEmpty || !leakingGroups.isEmpty || !leakingSynthetic.isEmpty }

  /// What one image's pixels tell.
  private struct Look: Sendable {
    let isGrey: Bool
    let bits: Int
    let brightness: Double
    let key: String
    let hash: String
    let defectAreas: [Int]?
  }

  /// Opens every image of `dataset`. Bad files are reported, not thrown.
  public init(of dataset: Dataset, threads: Int = 2) {
    let all = dataset.images
    let looks = parallelMap(count: all.count, threads: threads) { index in
      Result { try Self.look(at: all[index], of: dataset) }
    }
    var problems: [ImportProblem] = []
    var seen: [String: Look] = [:]
    var byKey: [String: [DatasetImage]] = [:]
    for (image, result) in zip(all, looks) {
      switch result {
      case .success(let look):
        seen[image.fileName] = look
        byKey[look.key, default: []].append(image)
        if look.hash != image.provenance.sha256 {
          problems.append(ImportProblem(image.fileName, "another file than provenance.json names (SHA-256)"))
        }
      case .failure(let error):
        problems.append(ImportProblem(image.fileName, "\(error)"))
      }
    }
    description = dataset.description
    images = all.count
    groups = Set(all.map(\.group)).count
    width = Spread(all.map { Double($0.width) })
    height = Spread(all.map { Double($0.height) })
    greyImages = seen.values.count { $0.isGrey }
    sixteenBitImages = seen.values.count { $0.bits == 16 }
    classes = dataset.classNames.map { name in
      Self.report(name, dataset.images(inClass: name), seen)
    }
    let repeated = byKey.values.filter { $0.count > 1 }.sorted { $0[0].fileName < $1[0].fileName }
    copies = repeated.map { $0.map(\.fileName) }
    leakingCopies = repeated.compactMap { Self.leak($0.map(\.fileName), $0) }
    leakingGroups = Dictionary(grouping: all, by: \.group).sorted { $0.key < $1.key }
      .compactMap { Self.leak([$0.key], $0.value) }
    leakingSynthetic = all.filter { image in
      guard let synthetic = image.provenance.synthetic else { return false }
      return synthetic.sourceSplit != Split.train.rawValue || (image.split != nil && image.split != .train)
    }.map(\.fileName)
    self.problems = problems
  }

  private static func look(at image: DatasetImage, of dataset: Dataset) throws -> Look {
    let file = try Image.data(of: dataset.url(of: image))
    let pixels = try Image(decoding: file, at: dataset.url(of: image).path)
    guard (pixels.width, pixels.height) == (image.width, image.height) else {
      throw InputError(
        at: image.fileName, expected: "\(image.width) × \(image.height) pixels",
        found: "\(pixels.width) × \(pixels.height)")
    }
    let mask = image.isClean ? nil : dataset.mask(of: image)
    return Look(
      isGrey: pixels.channels == 1, bits: pixels.bits, brightness: pixels.brightness,
      key: try ContentKey.anyOrientation(of: pixels), hash: ContentHash.sha256(file),
      defectAreas: try mask.map { try MaskComponents(of: $0).components.map(\.area) })
  }

  private static func report(_ name: String, _ images: [DatasetImage], _ seen: [String: Look]) -> ClassReport {
    var splits: [String: Int] = [:]
    for image in images { splits[image.split?.rawValue ?? "none", default: 0] += 1 }
    let looks = images.compactMap { seen[$0.fileName] }
    let areas = looks.compactMap(\.defectAreas)
    let shares = images.compactMap { image -> Double? in
      guard let areas = seen[image.fileName]?.defectAreas else { return nil }
      return Double(areas.reduce(0, +)) / Double(image.width * image.height)
    }
    return ClassReport(
      name: name, images: images.count, groups: Set(images.map(\.group)).count, splits: splits,
      synthetic: images.count { $0.isSynthetic }, brightness: Spread(looks.map(\.brightness)), masked: areas.count,
      defects: areas.reduce(0) { $0 + $1.count }, defectArea: Spread(areas.joined().map(Double.init)),
      coverage: Spread(shares))
  }

  private static func leak(_ names: [String], _ images: [DatasetImage]) -> Leak? {
    let splits = Set(images.compactMap(\.split))
    guard splits.count > 1 else { return nil }
    return Leak(names: names, splits: Split.allCases.filter(splits.contains).map(\.rawValue))
  }
}
