import Files
import Foundation
import Images
import Randomness

/// One window around each defect that is whole and near the middle of it, and as many clean windows as asked for.
///
/// The recipe of Fast Forward Labs for Severstal's steel (2022, github.com/fastforwardlabs/synthetic-data-augmentation), with
/// its numbers as defaults. An instance is a connected part of a mask. Its window is centred on the mean of its pixels and is
/// rejected
/// - when it reaches over an edge of the image,
/// - when an instance whose box it touches, its own included, does not lie whole in it, spans more than its side less `margin`,
///   or has its centre `tolerance` pixels or more from its own instance's,
/// - when any of its columns has a mean grey value below `darkLevel`: the black beside the strip.
///
/// Along a side on which the window is as long as the image there is nothing to centre, and edges, span and tolerance do
/// not count there. Where the recipe looked along the strip only, windows here are centred in both directions.
public struct CentredWindows: WindowChooser, Equatable {
  /// What becomes of images that show several classes.
  public enum SeveralClasses: String, Codable, CaseIterable, Sendable { case drop, keep }
  /// Where clean windows are drawn: from clean images alone, or also from other images where no defect is.
  public enum CleanSource: String, Codable, CaseIterable, Sendable { case images, regions }
  /// Which neighbours of a pixel hang together with it: the four at its sides, or those at its corners, too.
  public enum Connectivity: Int, Codable, CaseIterable, Sendable { case four = 4, eight = 8 }

  /// Side of the windows in pixels; nil takes it from the instances, see `quantile`.
  public var width: Int?
  /// Height of the windows, where they are no squares; 0 stands for the whole height of each image.
  public var height: Int?
  /// Without `width`: this quantile of the instances' spans from their first to their last column, rounded up.
  public var quantile = 0.9
  /// Largest distance of centres, in pixels, exclusive; nil is 42 for a side of 160, and in proportion for others.
  public var tolerance: Double?
  /// So many pixels of the window's side an instance leaves free at least.
  public var margin = 5
  /// Mean grey value, 0 ... 255, below which a column is dark; 0 takes all windows.
  public var darkLevel = 25.0
  public var severalClasses = SeveralClasses.drop
  /// Classes whose instances get windows; empty stands for all.
  public var classes: [String] = []
  public var connectivity = Connectivity.four
  /// Connected parts of fewer pixels are no instances.
  public var minimumArea = 1
  /// At most so many windows of defects, drawn from all by the seed; nil takes all.
  public var mostDefects: Int?
  /// Clean windows for each window of a defect: 1 is balanced, 1000 is a thousand to one.
  public var cleanRatio = 1.0
  public var cleanSource = CleanSource.images
  public var seed: UInt64 = 0

  public init(width: Int? = nil) { self.width = width }

  public func validate() throws {
    func check(_ isGood: Bool, _ key: String, _ expected: String, _ found: Any) throws {
      guard isGood else { throw InputError(at: key, expected: expected, found: "\(found)") }
    }
    if let width { try check((8...4096).contains(width), "window", "8 to 4096 pixels", width) }
    if let height { try check(height == 0 || (8...4096).contains(height), "height", "8 to 4096 pixels, or 0", height) }
    try check(quantile > 0 && quantile <= 1, "quantile", "a number above 0, up to 1", quantile)
    if let tolerance { try check(tolerance > 0 && tolerance.isFinite, "tolerance", "a number above 0", tolerance) }
    try check((0...4096).contains(margin), "margin", "0 to 4096 pixels", margin)
    try check((0...255).contains(darkLevel), "dark level", "0 to 255", darkLevel)
    try check(minimumArea >= 1, "minimum area", "1 pixel or more", minimumArea)
    if let mostDefects { try check(mostDefects >= 1, "most defects", "1 or more", mostDefects) }
    try check((0...1_000_000).contains(cleanRatio), "clean ratio", "0 to 1000000", cleanRatio)
  }

  public func plan(for dataset: Dataset, with work: CropWork) throws -> WindowPlan {
    for name in classes where !dataset.categories.contains(where: { $0.name == name }) {
      throw InputError(
        at: dataset.folder.path,
        expected: "one of the classes \(dataset.categories.map(\.name).joined(separator: ", "))",
        found: "'\(name)'")
    }
    var plan = WindowPlan(imageCount: dataset.images.count)
    let side = try width ?? widthOfInstances(dataset, work)
    plan.report.width = side
    plan.report.height = height ?? side
    try chooseDefects(dataset, side, work, &plan)
    if let mostDefects { thin(&plan, to: mostDefects, dataset) }
    try chooseClean(dataset, side, work, &plan)
    return plan
  }

  /// The window's size in an image; nil for one that is too small.
  private func size(in image: DatasetImage, _ side: Int) -> (width: Int, height: Int)? {
    let tall = height == 0 ? image.height : height ?? side
    return side <= image.width && tall <= image.height ? (side, tall) : nil
  }

  private func instances(of image: DatasetImage) -> [DefectInstance] {
    DefectInstance.instances(of: image.annotations, connectivity: connectivity)
  }

  // MARK: Windows of defects

  /// What an image's labels alone decide.
  private enum Standing { case clean, withoutMask, severalClasses, otherClass, wanted }

  private func standing(of image: DatasetImage, _ dataset: Dataset) -> Standing {
    guard !image.isClean else { return .clean }
    guard image.annotations.allSatisfy({ $0.segmentation != nil }) else { return .withoutMask }
    let present = Set(image.annotations.map(\.categoryID))
    if present.count > 1, severalClasses == .drop { return .severalClasses }
    let wanted = dataset.categories.filter { classes.isEmpty || classes.contains($0.name) }.map(\.id)
    return present.isDisjoint(with: wanted) ? .otherClass : .wanted
  }

  private func widthOfInstances(_ dataset: Dataset, _ work: CropWork) throws -> Int {
    let images = dataset.images.filter { standing(of: $0, dataset) == .wanted }
    var spans: [Int] = []
    try work.inOrder("measuring defects", count: images.count) { place in
      instances(of: images[place]).filter { $0.area >= minimumArea }.map { $0.box.width - 1 }
    } take: {
      spans += $1
    }
    guard !spans.isEmpty else {
      throw InputError(
        at: dataset.folder.path, expected: "defects with masks, to take the window's side from", found: "none",
        remedy: "Give the side with --window")
    }
    return min(max(Int(Self.quantile(quantile, of: spans).rounded(.up)), 8), 4096)
  }

  /// Between two values in proportion, as NumPy and pandas have it by default.
  static func quantile(_ share: Double, of values: [Int]) -> Double {
    let sorted = values.sorted()
    let place = share * Double(sorted.count - 1)
    let (lower, part) = (Int(place), place - place.rounded(.down))
    let upper = min(lower + 1, sorted.count - 1)
    return Double(sorted[lower]) + part * Double(sorted[upper] - sorted[lower])
  }

  private func chooseDefects(
    _ dataset: Dataset, _ side: Int, _ work: CropWork, _ plan: inout WindowPlan
  ) throws {
    let wantedIDs = Set(dataset.categories.filter { classes.isEmpty || classes.contains($0.name) }.map(\.id))
    try work.inOrder("choosing windows of defects", count: dataset.images.count) { index in
      let image = dataset.images[index]
      let standing = standing(of: image, dataset)
      var (boxes, report): ([PixelBox], CropReport) = ([], CropReport())
      switch standing {
      case .clean: break
      case .withoutMask: report.withoutMask = [image.fileName]
      case .severalClasses: report.severalClasses = 1
      case .otherClass: report.otherClasses = 1
      case .wanted:
        guard let size = size(in: image, side) else {
          report.tooSmall = [image.fileName]
          break
        }
        let all = instances(of: image)
        let large = all.filter { $0.area >= minimumArea }
        report.specks = all.count - large.count
        let rules = CentringRules(
          imageWidth: image.width, imageHeight: image.height, width: size.width, height: size.height,
          tolerance: tolerance, margin: margin)
        boxes = rules.boxes(around: large, of: wantedIDs, &report)
        if darkLevel > 0, !boxes.isEmpty {
          let brightness = try WindowBrightness(of: dataset.pixels(of: image))
          let bright = boxes.filter { !brightness.hasDarkColumn(in: $0, below: darkLevel) }
          report.dark += boxes.count - bright.count
          boxes = bright
        }
      }
      return (boxes, report)
    } take: { index, found in
      plan.boxes[index] = found.0
      plan.report.add(found.1)
    }
  }

  /// Keeps `count` of the windows, drawn without replacement.
  private func thin(_ plan: inout WindowPlan, to count: Int, _ dataset: Dataset) {
    let all = plan.boxes.enumerated().flatMap { image, boxes in boxes.indices.map { (image, $0) } }
    guard all.count > count else { return }
    var random = SeededGenerator(seed: seed, purpose: "defect windows")
    var kept = WindowPlan(imageCount: plan.boxes.count).boxes
    for (image, box) in random.shuffled(all).prefix(count).sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
      kept[image].append(plan.boxes[image][box])
    }
    plan.boxes = kept
  }

  // MARK: Clean windows

  private func chooseClean(
    _ dataset: Dataset, _ side: Int, _ work: CropWork, _ plan: inout WindowPlan
  ) throws {
    let defects = plan.boxes.reduce(0) { $0 + $1.count }
    let wanted = Int((cleanRatio * Double(defects)).rounded())
    guard wanted > 0 else { return }
    var random = SeededGenerator(seed: seed, purpose: "clean images")
    let sources = dataset.images.indices.filter { index in
      let image = dataset.images[index]
      return image.isClean || (cleanSource == .regions && image.annotations.allSatisfy { $0.segmentation != nil })
    }
    var places: [(image: Int, places: CleanPlaces)] = []
    // In a random order, and no farther than needed: with few windows wanted, each comes from another image.
    let order = random.shuffled(sources)
    for start in stride(from: 0, to: order.count, by: 64) where places.count < wanted {
      let portion = Array(order[start..<min(start + 64, order.count)])
      let found = parallelMap(count: portion.count, threads: work.threads) { place in
        Result { try cleanPlaces(in: dataset.images[portion[place]], of: dataset, side) }
      }
      for (image, result) in zip(portion, found) {
        guard let found = try result.get() else {
          if dataset.images[image].isClean { plan.report.tooSmall.append(dataset.images[image].fileName) }
          continue
        }
        if found.count > 0 { places.append((image, found)) }
      }
      work.progress("choosing clean windows", min(start + 64, order.count), order.count)
    }
    plan.report.tooSmall.sort()
    let shares = Self.evenShares(of: wanted, most: places.map { $0.places.count })
    plan.report.cleanMissing = wanted - shares.reduce(0, +)
    for ((image, places), share) in zip(places, shares) {
      var random = SeededGenerator(seed: seed, purpose: "clean window \(dataset.images[image].fileName)")
      plan.boxes[image] += places.draw(share, &random)
    }
  }

  /// nil where the image is smaller than the window.
  private func cleanPlaces(in image: DatasetImage, of dataset: Dataset, _ side: Int) throws -> CleanPlaces? {
    guard let size = size(in: image, side) else { return nil }
    let mask = image.isClean ? nil : dataset.mask(of: image)
    let pixels = darkLevel > 0 ? try dataset.pixels(of: image) : nil
    return try CleanPlaces(
      imageWidth: image.width, imageHeight: image.height, width: size.width, height: size.height, mask: mask,
      pixels: pixels, darkLevel: darkLevel)
  }

  /// As even as can be: nobody gives more than he has, and shares differ by one at most where nobody is exhausted.
  /// The first in order give the one more.
  static func evenShares(of total: Int, most: [Int]) -> [Int] {
    guard most.reduce(0, +) > total else { return most }
    var (low, high) = (0, most.max() ?? 0)  // The level to which all can be filled lies in low ..< high.
    while high - low > 1 {
      let middle = (low + high) / 2
      if most.reduce(0, { $0 + min($1, middle) }) <= total { low = middle } else { high = middle }
    }
    var shares = most.map { min($0, low) }
    var left = total - shares.reduce(0, +)
    for index in most.indices where left > 0 && most[index] > low {
      shares[index] += 1
      left -= 1
    }
    return shares
  }
}
