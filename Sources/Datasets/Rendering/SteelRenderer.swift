import Files
import Foundation
import Images
import Randomness

/// Draws rolled steel with and without flaws, with the exact mask and the height of every pixel.
///
/// A height field (rolling lines, waviness, flaws) is lit from one side by Lambert's law with a gloss (Blinn 1977), seen
/// through slight blur and a noisy sensor. It stands in for real pictures in tests, demonstrations and studies where the
/// truth must be known; it is no model of one plant. The same seed and number give the same bytes.
public struct SteelRenderer: Sendable {
  public typealias Kind = String

  /// The names of the flaws: scratch, pit, inclusion.
  public static let kinds = SteelDefect.Kind.allCases.map(\.rawValue)
  /// Steps of the depth map for a micrometre; 32768 is the mean surface.
  public static let depthStepsPerMicrometre = 2048.0
  /// Changes whenever the same seed would give other bytes.
  public static let version = 1

  /// Side of the square images in pixels.
  public let size: Int
  public let seed: UInt64

  /// One surface.
  public struct Rendering: Equatable, Sendable {
    /// Grey, 8 bits.
    public let image: Image
    /// Grey, 16 bits: height over the mean surface.
    public let depth: Image
    /// Empty without a flaw.
    public let mask: Mask
  }

  /// - Throws: `InputError` unless `size` is 16 ... 1024.
  public init(size: Int = 64, seed: UInt64 = 0) throws {
    guard (16...1024).contains(size) else {
      throw InputError(at: "size of rendered steel", expected: "16 to 1024 pixels", found: "\(size)")
    }
    self.size = size
    self.seed = seed
  }

  /// Draws surface `index` with a flaw, or without any: both have the same surface, light and noise.
  ///
  /// - Throws: `InputError` for a flaw of another name than `kinds` has.
  public func rendering(_ index: Int, flaw: Kind?) throws -> Rendering {
    let kind = try flaw.map { name in
      guard let kind = SteelDefect.Kind(rawValue: name) else {
        throw InputError(at: "flaw", expected: Self.kinds.joined(separator: ", "), found: name)
      }
      return kind
    }
    var surfaceRandom = SeededGenerator(seed: seed, purpose: "steel surface", index)
    var flawRandom = SeededGenerator(seed: seed, purpose: "steel flaw", index)
    var height = surface(&surfaceRandom)
    let defect = kind.map { SteelDefect($0, size: size, &flawRandom) }
    if let defect {
      for place in height.values.indices { height.values[place] += defect.height.values[place] }
    }
    let depth = height.values.map { value in
      UInt16(min(max((32768 + value * Self.depthStepsPerMicrometre).rounded(), 0), 65535))
    }
    let image = photograph(height, albedo: defect?.albedo, &surfaceRandom)
    return Rendering(
      image: image, depth: Image(width: size, height: size, channels: 1, samples: .sixteen(depth)),
      mask: defect?.mask ?? Mask(width: size, height: size))
  }

  /// Height in micrometres: lines along the rolling direction (across the image), and waviness.
  private func surface(_ random: inout SeededGenerator) -> Field {
    var height = Field(size: size)
    let strength = random.uniform(0.6, 1.2)
    let side = Double(size)
    height.addNoise(across: max(48, side * 0.8), down: 1.3, strength: 0.10 * strength, &random)
    height.addNoise(across: max(24, side * 0.4), down: 2.6, strength: 0.16 * strength, &random)
    height.addNoise(across: 70, down: 6, strength: 0.22 * strength, &random)
    height.addNoise(across: 7, down: 1.2, strength: 0.05, &random)
    height.addNoise(across: side / 2.5, down: side / 3, strength: 0.4, &random)
    return height
  }

  private func photograph(_ height: Field, albedo: Field?, _ random: inout SeededGenerator) -> Image {
    let base = random.uniform(0.42, 0.6)
    // From above or below the rolling lines, which then show; a little to the side.
    let azimuth = (random.bool() ? 0.5 : 1.5) * Double.pi + random.uniform(-0.5, 0.5)
    let elevation = random.uniform(0.75, 1.05)
    let light = (x: cos(azimuth) * cos(elevation), y: sin(azimuth) * cos(elevation), z: sin(elevation))
    // Halfway to the camera, which looks straight down.
    let norm = (light.x * light.x + light.y * light.y + (light.z + 1) * (light.z + 1)).squareRoot()
    let half = (x: light.x / norm, y: light.y / norm, z: (light.z + 1) / norm)
    let gloss = random.uniform(0.05, 0.15)
    let slope = (x: random.uniform(-0.14, 0.14), y: random.uniform(-0.14, 0.14))
    let grain = random.uniform(0.008, 0.018)
    var stain = Field(size: size)
    stain.addNoise(across: Double(size) / 2, down: Double(size) / 4, strength: 0.025, &random)
    stain.addNoise(across: Double(size), down: 3, strength: 0.015, &random)
    let relief = 0.55  // Heights are exaggerated against the pixel's width.

    var picture = Field(size: size)
    for y in 0..<size {
      for x in 0..<size {
        let dx = relief * (height.clamped(x + 1, y) - height.clamped(x - 1, y)) / 2
        let dy = relief * (height.clamped(x, y + 1) - height.clamped(x, y - 1)) / 2
        let length = (dx * dx + dy * dy + 1).squareRoot()
        let normal = (x: -dx / length, y: -dy / length, z: 1 / length)
        let diffuse = max(0, normal.x * light.x + normal.y * light.y + normal.z * light.z) / light.z
        let facing = max(0, normal.x * half.x + normal.y * half.y + normal.z * half.z)
        let shine = gloss * pow(facing, 40)
        let place = (x: Double(x) / Double(size) - 0.5, y: Double(y) / Double(size) - 0.5)
        let lamp = 1 + 2 * slope.x * place.x + 2 * slope.y * place.y - 0.25 * (place.x * place.x + place.y * place.y)
        let matter = (albedo?[x, y] ?? 1) * (1 + stain[x, y])
        picture[x, y] = lamp * (base * matter * (0.25 + 0.75 * diffuse) + shine * matter)
      }
    }
    let bytes = picture.blurred().values.map { value in
      UInt8(min(max(((value + grain * random.normal()) * 255).rounded(), 0), 255))
    }
    return Image(width: size, height: size, bytes: bytes)
  }
}
