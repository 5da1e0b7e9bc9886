import Files
import Foundation
import Images
import Randomness

/// Batches of windows at native scale for a segmenter, with the class of each pixel, by step and seed alone.
///
/// A share of each batch are windows on defects: classes in even turns, within a class every image once before any comes
/// again, then a pixel of its defects at random, which lies somewhere in the middle half of the window. The others are windows
/// anywhere in any image, each image once an epoch. Windows are mirrored and turned by quarters at random. Images smaller than
/// a window are continued by mirroring.
public struct SegmentationLoader: Sendable {
  public struct Batch: Sendable {
    public let pixels: PixelBatch
    /// [N · size · size]: of each pixel 0, or a position in the images' `classNames`.
    public let labels: [UInt8]
  }

  /// What a window is taken from.
  struct Choice: Equatable {
    /// Position in `images.items`.
    let item: Int
    /// The class that it must show; nil for a window anywhere.
    let label: Int?
  }

  /// Those of which each pixel is known.
  public let images: LabelledImages
  /// Side of a window, in pixels.
  public let size: Int
  /// 1 grey, 3 colour.
  public let channels: Int
  /// Of a batch, how many windows show a defect for sure.
  public let defectShare: Double
  /// Whether windows are mirrored and turned.
  public let turns: Bool
  /// Whether windows are brightened and darkened, as by `Augmentation.classical`.
  public let tones: Bool
  public let batchSize: Int
  public let seed: UInt64

  private let order: EpochOrder
  /// For each class that is there its images.
  private let sources: [(label: Int, members: [Int], order: EpochOrder)]
  private let decoded: ScaledImages

  /// - Parameter images: those without masks are left out.
  /// - Throws: `InputError` when no image with a mask is left, or a class has none.
  public init(
    images: LabelledImages, size: Int, channels: Int, defectShare: Double = 0.5, turns: Bool = true,
    tones: Bool = false,
    batchSize: Int, seed: UInt64, decoded: ScaledImages = ScaledImages()
  ) throws {
    let images = images.mapped
    for (label, name) in images.classNames.enumerated().dropFirst() {
      guard images.items.contains(where: { $0.regions.contains { $0.label == label && $0.code.area > 0 } }) else {
        throw InputError(at: "training images", expected: "masks of '\(name)'", found: "none")
      }
    }
    precondition((0...1).contains(defectShare) && size > 0 && batchSize > 0)
    self.images = images
    self.size = size
    self.channels = channels
    self.defectShare = defectShare
    self.turns = turns
    self.tones = tones
    self.batchSize = batchSize
    self.seed = seed
    self.decoded = decoded
    order = EpochOrder(seed: seed, purpose: "order", count: images.items.count)
    sources = images.classNames.indices.dropFirst().map { label in
      let members = images.items.indices.filter { images.items[$0].regions.contains { $0.label == label } }
      return (label, members, EpochOrder(seed: seed, purpose: "order of class \(label)", count: members.count))
    }
  }

  /// Of each batch, as many windows show a defect for sure.
  public var defectWindows: Int { Int((defectShare * Double(batchSize)).rounded()) }

  func choices(step: Int) -> [Choice] {
    (0..<batchSize).map { index in
      guard index < defectWindows else {
        let place = step * (batchSize - defectWindows) + index - defectWindows
        return Choice(item: order.element(place: place), label: nil)
      }
      let place = step * defectWindows + index
      let (label, members, order) = sources[place % sources.count]
      return Choice(item: members[order.element(place: place / sources.count)], label: label)
    }
  }

  /// - Throws: `InputError` with the first file that cannot be read.
  public func batch(step: Int) throws -> Batch {
    var windows: [Image] = []
    var labels: [UInt8] = []
    for (index, choice) in choices(step: step).enumerated() {
      var random = SeededGenerator(seed: seed, purpose: "window", step, index)
      let (window, map) = try window(choice, &random)
      windows.append(window)
      labels += map.bytes
    }
    return Batch(pixels: PixelBatch(windows), labels: labels)
  }

  /// The share of each class in the pixels of the first batches, one pixel added to each so that none is empty.
  public func pixelShares(batches: Int = 8) throws -> [Double] {
    var counts = [Double](repeating: 1, count: images.classNames.count)
    for step in 0..<batches { for label in try batch(step: step).labels { counts[Int(label)] += 1 } }
    let total = counts.reduce(0, +)
    return counts.map { $0 / total }
  }

  private func window(_ choice: Choice, _ random: inout SeededGenerator) throws -> (Image, Image) {
    let item = images.items[choice.item]
    let pixels = try image(item)
    let map = Image(width: item.image.width, height: item.image.height, bytes: item.labelMap())
      .mirrored(toWidth: size, height: size)
    let pixel = choice.label.flatMap { Self.pixel(of: item, label: $0, &random) }
    func start(_ center: Int?, _ side: Int) -> Int {
      guard let center else { return random.int(below: side - size + 1) }
      let place = center - size / 2 + random.int(below: size / 2 + 1) - size / 4
      return min(max(place, 0), side - size)
    }
    let box = PixelBox(
      x: start(pixel?.x, pixels.width), y: start(pixel?.y, pixels.height), width: size, height: size)
    var result = (pixels.cropped(to: box), map.cropped(to: box))
    if turns {
      if random.bool() { result = (try result.0.flippedHorizontally(), try result.1.flippedHorizontally()) }
      if let turn = Image.Turn(rawValue: random.int(below: 4)) {
        result = (try result.0.turned(by: turn), try result.1.turned(by: turn))
      }
    }
    if tones { result.0 = Augmentation.toned(result.0, &random) }
    return result
  }

  /// Any pixel of a class, all alike.
  private static func pixel(
    of item: LabelledImages.Item, label: Int, _ random: inout SeededGenerator
  ) -> (x: Int, y: Int)? {
    let runs = item.regions.filter { $0.label == label }.flatMap(\.code.runs)
    var place = random.int(below: max(1, runs.reduce(0) { $0 + $1.count }))
    for run in runs {
      guard place >= run.count else {
        return ((run.start + place) / item.image.height, (run.start + place) % item.image.height)
      }
      place -= run.count
    }
    return nil
  }

  private func image(_ item: LabelledImages.Item) throws -> Image {
    try decoded.image(item.url.path) { try item.pixels(channels: channels).mirrored(toWidth: size, height: size) }
  }
}
