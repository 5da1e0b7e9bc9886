import Datasets
import Files
import Foundation
import Images

/// Makes defects by a translator that is conditioned on masks: windows of its size, larger where the defect is,
/// are translated at native scale, and put back into the clean image where the mask covers them.
public struct MaskedTranslation: DefectMaker {
  private let translator: Translator
  private let feather: Double

  /// - Throws: `InputError` for a translator without masks.
  public init(_ translator: Translator) throws {
    guard let masks = translator.configuration.masks else {
      throw InputError(
        at: "translator", expected: "one that was trained with --masks", found: "one that translates whole images")
    }
    self.translator = translator
    feather = masks.feather
  }

  public var model: String { translator.modelHash }
  public var step: Int { translator.step }
  public var windowSize: Int? { translator.configuration.transform.size }
  public var reach: Int { Int(feather.rounded(.up)) + 1 }

  public func images(of placed: [PlacedDefect]) throws -> [Image] {
    let windows = try placed.map {
      try translator.window($0.window, of: $0.clean, mask: $0.placement.mask, $0.placement.category)
    }
    let made = try translator.map(windows) { try translator.translate($0.map(\.image), masks: $1) }
    return try zip(placed, zip(windows, made)).map { placed, results in
      let (window, made) = results
      let clean = placed.clean.eightBit()
      let new = clean.channels == 1 ? try made.grey() : made.colour()
      return clean.replacing(placed.window, by: new, where: window.weights)
    }
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
