import Datasets
import Files
import Images
import Models
import Torch

/// Translates images of any size as they are, at native scale.
///
/// Sides that are no multiples of 4 are continued by mirroring and cut off again. Where memory is short the network goes over
/// strips of the image, with the statistics of all of it, so that no seam shows.
public struct WholeTranslation {
  public let translator: Translator
  public let direction: TranslationDirection
  public let tiling: Tiling
  private let generator: ResNetGenerator

  /// Two halvings, and mirrored margins of a pixel behind them, need as many pixels.
  static let leastSide = 8

  /// - Throws: `InputError` for a translator that needs masks, or has no network for the direction.
  public init(
    _ translator: Translator, _ direction: TranslationDirection = .cleanToDefect, tiling: Tiling = .automatic
  ) throws {
    guard translator.configuration.masks == nil else {
      throw InputError(
        at: "translator", expected: "one that translates whole images", found: "one that was trained with --masks",
        remedy: "patina synthesize places masks and translates by them")
    }
    guard let generator = translator.model.generator(direction) else {
      throw InputError(
        at: "direction", expected: "one that a \(translator.kind) was trained for: clean-to-defect",
        found: direction.rawValue)
    }
    self.translator = translator
    self.direction = direction
    self.tiling = tiling
    self.generator = generator
  }

  /// The image's translation: its size, 8 bits, and the translator's channels.
  ///
  /// - Throws: `TorchError` where memory does not do.
  public func image(of image: Image) throws -> Image {
    let image = try translator.asSeen(image)
    let padded = image.continued(toMultipleOf: 4, atLeast: Self.leastSide)
    let made = try withoutGradients {
      let input = try PixelBatch([padded]).tensor(on: translator.device)
      return try PixelBatch.images(of: translation(of: input))[0]
    }
    return made.cropped(to: PixelBox(x: 0, y: 0, width: image.width, height: image.height))
  }

  private func translation(of input: Tensor) throws -> Tensor {
    let need = TranslationMemory(translator.configuration, height: input.shape[2], width: input.shape[3])
    guard let rows = tiling.rows(need, available: TranslationMemory.available) else { return try generator(input) }
    return try generator(input, strips: rows)
  }
}

extension Translator {
  /// An image as its networks see it: 8 bits, and their channels.
  func asSeen(_ image: Image) throws -> Image {
    let image = image.eightBit()
    return configuration.transform.channels == 1 ? try image.grey() : image.colour()
  }
}

extension Image {
  /// Continued to the right and below by mirroring, edges not repeated, to sides that `step` divides. 8 bits.
  func continued(toMultipleOf step: Int, atLeast least: Int) -> Image {
    func side(_ side: Int) -> Int { max(least, (side + step - 1) / step * step) }
    func mirrored(_ count: Int, _ side: Int) -> [Int] {
      let period = max(2 * (side - 1), 1)  // there and back
      return (0..<count).map { min($0 % period, period - $0 % period) }
    }
    let (columns, rows) = (mirrored(side(width), width), mirrored(side(height), height))
    guard columns.count > width || rows.count > height else { return self }
    let old = bytes
    var new: [UInt8] = []
    new.reserveCapacity(columns.count * rows.count * channels)
    for row in rows {
      for column in columns {
        let start = (row * width + column) * channels
        new.append(contentsOf: old[start..<start + channels])
      }
    }
    return Image(width: columns.count, height: rows.count, channels: channels, bytes: new)
  }
}
