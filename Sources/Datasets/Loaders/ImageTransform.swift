import Files
import Foundation
import Images
import Randomness

/// From a file to the pixels that a network sees: channels, size, crop, flip.
public struct ImageTransform: Codable, Equatable, Sendable {
  /// How an image that is no square becomes one.
  public enum Fit: String, Codable, CaseIterable, Sendable {
    /// The short side is scaled and the rest cut off: shapes stay true, and what lies near the ends of the long side is not seen.
    case crop
    /// Both sides are scaled: all of the image is seen, and shapes are stretched.
    case stretch
  }

  /// Side of the square crop, in pixels.
  public var size: Int
  /// The short side (of a stretched image both) is resized to this before cropping; nil crops at native scale.
  public var loadSize: Int?
  /// 1 grey, 3 colour.
  public var channels: Int
  /// Whether half of the training images are mirrored left to right.
  public var flips: Bool
  /// nil is `crop`: what earlier versions wrote.
  public var fit: Fit?

  /// - Parameter loadSize: by default the reference's 286 / 256 of `size`.
  public init(size: Int, loadSize: Int?, channels: Int, flips: Bool = true, fit: Fit? = nil) {
    self.size = size
    self.loadSize = loadSize
    self.channels = channels
    self.flips = flips
    self.fit = fit
  }

  /// The reference's ratio of loading to cropping, 286 to 256.
  public static func referenceLoadSize(for size: Int) -> Int { (size * 286 + 128) / 256 }

  /// A random crop and flip, as training sees it.
  ///
  /// - Throws: `InputError` for a file that cannot be read, or too small to crop from.
  public func random(_ url: URL, _ generator: inout SeededGenerator) throws -> Image {
    let image = try scaled(EncodedImage(contentsOf: url.path))
    let crop = randomCrop(width: image.width, height: image.height, &generator)
    let cropped = image.cropped(to: crop.box)
    return crop.isMirrored ? try cropped.flippedHorizontally() : cropped
  }

  /// Where the crop of an image of at least `size` lies, and whether it is mirrored.
  func randomCrop(
    width: Int, height: Int, _ generator: inout SeededGenerator
  ) -> (box: PixelBox, isMirrored: Bool) {
    let box = PixelBox(
      x: generator.int(below: width - size + 1), y: generator.int(below: height - size + 1), width: size, height: size)
    // Drawn even when flips are off, so that switching them changes nothing else.
    let flipped = generator.bool()
    return (box, flips && flipped)
  }

  /// The middle, without chance: what evaluation and synthesis see. The short side becomes `size` (at native scale: is kept).
  public func central(_ url: URL) throws -> Image {
    try middle(decoded(EncodedImage(contentsOf: url.path), shortSide: centralSide))
  }

  /// The same of an image in memory, 8 bits.
  ///
  /// - Throws: `InputError` for one too small to crop from.
  public func central(_ image: Image) throws -> Image {
    let image = try channels == 1 ? image.eightBit().grey() : image.eightBit().colour()
    return try middle(scaled(image, shortSide: centralSide, at: "image"))
  }

  /// The short side for the middle.
  private var centralSide: Int? { loadSize == nil ? nil : size }

  private func middle(_ image: Image) -> Image {
    image.cropped(
      to: PixelBox(x: (image.width - size) / 2, y: (image.height - size) / 2, width: size, height: size))
  }

  /// Decoded, and scaled to the load size.
  func scaled(_ file: EncodedImage) throws -> Image { try decoded(file, shortSide: loadSize) }

  private func decoded(_ file: EncodedImage, shortSide: Int?) throws -> Image {
    try scaled(file.decoded(channels: channels), shortSide: shortSide, at: file.place)
  }

  private func scaled(_ image: Image, shortSide: Int?, at place: String) throws -> Image {
    var image = image
    if let shortSide {
      // The reference resizes bicubically with antialiasing; over shrinking areas the mean does the same job.
      let grows = min(image.width, image.height) < shortSide
      let method: Interpolation = grows ? .bicubic : .area
      image =
        fit == .stretch
        ? try image.resized(width: shortSide, height: shortSide, by: method)
        : try image.resized(shortSide: shortSide, by: method)
    }
    guard image.width >= size, image.height >= size else {
      throw InputError(
        at: place, expected: "at least \(size) × \(size) pixels to crop from",
        found: "\(image.width) × \(image.height)", remedy: "Resize (a load size), or choose a smaller size")
    }
    return image
  }
}
