import Randomness
import Torch

/// Differentiable augmentation of all that a discriminator sees, real and fake alike, so that it cannot learn a few images by
/// heart: for data sets of some hundred images and fewer (Zhao et al., NeurIPS 2020).
///
/// Amounts are the published ones. What is augmented teaches the generator through the augmentation, which therefore does not
/// leak into what it makes.
public struct DiffAugment: Codable, Equatable, Sendable {
  /// Brightness by up to half of the unit interval, saturation and contrast by factors of 0 to 2 and ½ to 1½.
  public var colour: Bool
  /// Moved by up to an eighth of each side; what comes in is 0.
  public var translation: Bool
  /// A box of half of each side is 0.
  public var cutout: Bool

  public init(colour: Bool = true, translation: Bool = true, cutout: Bool = true) {
    self.colour = colour
    self.translation = translation
    self.cutout = cutout
  }

  /// What chance decides for one batch: a value for each image.
  public struct Draw: Sendable {
    fileprivate var brightness: [Float] = []
    fileprivate var saturation: [Float] = []
    fileprivate var contrast: [Float] = []
    fileprivate var shifts: [(x: Int, y: Int)] = []
    fileprivate var holes: [(x: Int, y: Int)] = []
  }

  static let translationShare = 0.125
  static let cutoutShare = 0.5

  /// Draws for `count` images of `height` × `width`, in this order for each: brightness, saturation, contrast, the shift to the
  /// right and down, the hole's middle. Everything is drawn, so that leaving one kind out does not change the others.
  public func draw(count: Int, height: Int, width: Int, _ random: inout SeededGenerator) -> Draw {
    var result = Draw()
    let (reachX, reachY) = (Self.reach(width), Self.reach(height))
    for _ in 0..<count {
      result.brightness.append(Float(random.uniform(-0.5, 0.5)))
      result.saturation.append(Float(random.uniform(0, 2)))
      result.contrast.append(Float(random.uniform(0.5, 1.5)))
      result.shifts.append((random.int(below: 2 * reachX + 1) - reachX, random.int(below: 2 * reachY + 1) - reachY))
      result.holes.append((random.int(below: width), random.int(below: height)))
    }
    return result
  }

  private static func reach(_ side: Int) -> Int { Int((Double(side) * translationShare).rounded()) }

  /// Shapes: [N, C, H, W] → the same; of the C channels the first `channels` are colours, the others (masks) only move.
  ///
  /// - Precondition: the draw is of N images of this size.
  public func callAsFunction(_ images: Tensor, channels: Int, _ draw: Draw) throws(TorchError) -> Tensor {
    precondition(draw.shifts.count == images.shape[0], "a draw for each image")
    var result = images
    if colour { result = try coloured(result, channels, draw) }
    if translation { result = try moved(result, draw) }
    if cutout { result = try result * holes(like: images, draw) }
    return result
  }

  private func coloured(_ images: Tensor, _ channels: Int, _ draw: Draw) throws(TorchError) -> Tensor {
    let device = images.device
    func perImage(_ values: [Float]) throws(TorchError) -> Tensor {
      try Tensor(values, shape: [values.count, 1, 1, 1], device: device)
    }
    let all = images.shape[1]
    var pixels = channels == all ? images : try images.sliced(1, 0..<channels)
    pixels = try pixels + perImage(draw.brightness)
    if channels > 1 {
      let grey = try pixels.mean([1], keep: true)
      pixels = try (pixels - grey) * perImage(draw.saturation) + grey
    }
    let mean = try pixels.mean([1, 2, 3], keep: true)
    pixels = try (pixels - mean) * perImage(draw.contrast) + mean
    return channels == all ? pixels : try .concatenated([pixels, images.sliced(1, channels..<all)], 1)
  }

  private func moved(_ images: Tensor, _ draw: Draw) throws(TorchError) -> Tensor {
    let (height, width) = (images.shape[2], images.shape[3])
    let margin = max(Self.reach(height), Self.reach(width))
    let wide = try images.padded(margin)
    var parts: [Tensor] = []
    for (index, shift) in draw.shifts.enumerated() {
      let (top, left) = (margin - shift.y, margin - shift.x)
      parts.append(
        try wide.sliced(0, index..<index + 1).sliced(2, top..<top + height).sliced(3, left..<left + width))
    }
    return try .concatenated(parts)
  }

  /// 0 in the holes, 1 elsewhere. [N, 1, H, W].
  private func holes(like images: Tensor, _ draw: Draw) throws(TorchError) -> Tensor {
    let (height, width) = (images.shape[2], images.shape[3])
    let (high, wide) = (Int(Double(height) * Self.cutoutShare), Int(Double(width) * Self.cutoutShare))
    var values = [Float](repeating: 1, count: draw.holes.count * height * width)
    for (index, hole) in draw.holes.enumerated() {
      let rows = (hole.y - high / 2..<hole.y - high / 2 + high).clamped(to: 0..<height)
      let columns = (hole.x - wide / 2..<hole.x - wide / 2 + wide).clamped(to: 0..<width)
      for y in rows {
        let start = (index * height + y) * width
        for x in columns { values[start + x] = 0 }
      }
    }
    return try Tensor(values, shape: [draw.holes.count, 1, height, width], device: images.device)
  }
}

/// How a discriminator sees one batch: as it is, or augmented by what was drawn.
public struct DiscriminatorView: Sendable {
  private let augmentation: (settings: DiffAugment, channels: Int, draw: DiffAugment.Draw)?

  public static let plain = DiscriminatorView(augmentation: nil)

  /// - Parameter channels: colours of an image; planes of masks follow.
  public static func augmented(
    by settings: DiffAugment, images: Tensor, channels: Int, _ random: inout SeededGenerator
  ) -> DiscriminatorView {
    let shape = images.shape
    return DiscriminatorView(
      augmentation: (settings, channels, settings.draw(count: shape[0], height: shape[2], width: shape[3], &random)))
  }

  public func callAsFunction(_ images: Tensor) throws(TorchError) -> Tensor {
    guard let augmentation else { return images }
    return try augmentation.settings(images, channels: augmentation.channels, augmentation.draw)
  }
}
