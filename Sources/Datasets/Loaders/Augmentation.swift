import Foundation
import Images
import Randomness

/// Classical augmentation: what changes a picture of a surface without changing its label.
public enum Augmentation: String, Codable, Sendable {
  case none
  /// Mirrored, turned by quarters, brightness ±10 % of the range, contrast × 0.8 to 1.25, each at random.
  case classical

  /// Square images keep their size. 8 bits.
  public func applied(to image: Image, _ generator: inout SeededGenerator) throws -> Image {
    guard self == .classical else { return image }
    var result = image
    if generator.bool() { result = try result.flippedHorizontally() }
    let turn = Image.Turn(rawValue: generator.int(below: 4))
    if let turn, image.width == image.height || turn == .half { result = try result.turned(by: turn) }
    return Self.toned(result, &generator)
  }

  /// Brightness and contrast alone.
  static func toned(_ image: Image, _ generator: inout SeededGenerator) -> Image {
    let shift = generator.uniform(-25.5, 25.5)
    // Even in the logarithm: as often darker contrast as stronger.
    let contrast = 0.8 * pow(1.25 / 0.8, generator.uniform())
    let table = (0...255).map { value in
      UInt8(min(255, max(0, ((Double(value) - 127.5) * contrast + 127.5 + shift).rounded())))
    }
    return Image(
      width: image.width, height: image.height, channels: image.channels, bytes: image.bytes.map { table[Int($0)] })
  }
}
