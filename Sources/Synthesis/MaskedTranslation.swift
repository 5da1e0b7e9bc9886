import Datasets
import Files
import Foundation
import Images

/// Makes defects by a translator that is conditioned on masks: windows of its size, larger where the defect is,
/// are translated at native scale, and put back into the clean image where the mask covers them.
public struct MaskedTranslation: DefectMaker {
  private let translator: Translator
  private let feather: Double
  private let classNames: [String]

  /// - Throws: `InputError` for a translator without masks.
  public init(_ translator: Translator) throws {
    guard let masks = translator.configuration.masks else {
      throw InputError(
        at: "translator", expected: "one that was trained with --masks", found: "one that translates whole images")
    }
    self.translator = translator
    feather = masks.feather
    classNames = translator.configuration.source.defectNames
  }

  public var model: String { translator.modelHash }
  public var step: Int { translator.step }
  public var windowSize: Int? { translator.configuration.transform.size }
  public var reach: Int { Int(feather.rounded(.up)) + 1 }

  public func images(of placed: [PlacedDefect]) throws -> [Image] {
    let channels = translator.configuration.transform.channels
    let clean = placed.map { $0.clean.eightBit() }
    let windows = try zip(clean, placed).map { image, placed in
      let window = image.cropped(to: placed.window)
      return channels == 1 ? try window.grey() : window.colour()
    }
    let weights = try placed.map { try $0.placement.mask.cropped(to: $0.window).feathered(by: feather) }
    let made = try translated(windows, placed, weights)
    return try zip(zip(clean, made), zip(placed, weights)).map { images, place in
      let new = images.0.channels == 1 ? try images.1.grey() : images.1.colour()
      return images.0.replacing(place.0.window, by: new, where: place.1)
    }
  }

  /// Windows of one size go through the network together.
  private func translated(_ windows: [Image], _ placed: [PlacedDefect], _ weights: [[Float]]) throws -> [Image] {
    var made: [Int: Image] = [:]
    let sizes = Dictionary(grouping: windows.indices) { [windows[$0].width, windows[$0].height] }
    for (_, members) in sizes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      let images = try translator.translate(
        members.map { windows[$0] }, masks: planes(members.map { placed[$0] }, members.map { weights[$0] }))
      for (index, image) in zip(members, images) { made[index] = image }
    }
    return windows.indices.compactMap { made[$0] }
  }

  /// Each mask in the plane of its class. [N, classes, H, W], of windows of one size.
  private func planes(_ placed: [PlacedDefect], _ weights: [[Float]]) throws -> PixelBatch {
    let (width, height) = (placed.first?.window.width ?? 0, placed.first?.window.height ?? 0)
    var values = [Float](repeating: 0, count: placed.count * classNames.count * width * height)
    for (index, (placed, weights)) in zip(placed, weights).enumerated() {
      guard let plane = classNames.firstIndex(of: placed.placement.category) else {
        throw InputError(
          at: "translator", expected: "one that makes \(placed.placement.category)",
          found: "one that makes \(classNames.joined(separator: ", "))")
      }
      let start = (index * classNames.count + plane) * width * height
      values.replaceSubrange(start..<start + width * height, with: weights)
    }
    return PixelBatch(values: values, shape: [placed.count, classNames.count, height, width])
  }
}

extension Image {
  /// This image with the pixels of `window` whose weight is above 0; all others stay, byte for byte. 8 bits both.
  fileprivate func replacing(_ window: PixelBox, by new: Image, where weights: [Float]) -> Image {
    var bytes = bytes
    let other = new.bytes
    for y in 0..<window.height {
      for x in 0..<window.width where weights[y * window.width + x] > 0 {
        let (from, to) = ((y * window.width + x) * channels, ((window.y + y) * width + window.x + x) * channels)
        for channel in 0..<channels { bytes[to + channel] = other[from + channel] }
      }
    }
    return Image(width: width, height: height, channels: channels, bytes: bytes)
  }
}
