import Datasets
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Synthesis

/// Masks from what a translation changed, against masks that are known.
struct DifferenceMaskTests {
  enum Shape: CaseIterable { case disc, scratch, spots, ring, large }
  enum Light: CaseIterable { case same, darker, slope, vignette, contrast, waves }

  private static let side = 128

  private static func mask(_ shape: Shape, width: Int = side, height: Int = side) -> Mask {
    Mask(
      width: width, height: height,
      bits: (0..<width * height).map { index in
        let (x, y) = (Double(index % width), Double(index / width))
        func distance(_ a: Double, _ b: Double) -> Double { ((x - a) * (x - a) + (y - b) * (y - b)).squareRoot() }
        let inside =
          switch shape {
          case .disc: distance(80, 50) <= 12
          case .scratch: abs(y - 30 - 0.6 * x) <= 2.5 && (20...100).contains(x)
          case .spots: distance(20, 20) <= 5 || distance(100, 30) <= 4 || distance(60, 110) <= 6
          case .ring: (14...20).contains(distance(60, 60))
          case .large: abs(x - 70) < 25 && abs(y - 60) < 25
          }
        return inside ? 1 : 0
      })
  }

  /// Brushed metal, and what a translator makes of it.
  private static func images(
    _ mask: Mask?, _ light: Light, contrast: Double = -45, noise: Double = 2, channels: Int = 1, seed: UInt64 = 1,
    width: Int = side, height: Int = side
  ) -> (clean: Image, made: Image) {
    var random = SeededGenerator(seed: seed, purpose: "difference")
    var (clean, made): ([UInt8], [UInt8]) = ([], [])
    let rows = (0..<height).map { _ in 10 * random.normal() }
    for pixel in 0..<width * height {
      let (x, y) = (Double(pixel % width) / Double(width), Double(pixel / width) / Double(height))
      for channel in 0..<channels {
        let value = 130 + rows[pixel / width] + 5 * random.normal()
        var new = value
        switch light {
        case .same: break
        case .darker: new -= 35
        case .slope: new += 50 * (x - 0.5) - 30 * y
        case .vignette: new -= 80 * ((x - 0.5) * (x - 0.5) + (y - 0.5) * (y - 0.5))
        case .contrast: new = 110 + 0.7 * (value - 130)
        case .waves: new += 12 * sin(5 * x + 1) * cos(4 * y)
        }
        new += noise * random.normal()
        // One channel shows it in colour: the others hardly do.
        if mask?.bits[pixel] == 1 { new += channel == 0 ? contrast : contrast / 10 }
        clean.append(UInt8(min(max(value.rounded(), 0), 255)))
        made.append(UInt8(min(max(new.rounded(), 0), 255)))
      }
    }
    return (
      Image(width: width, height: height, channels: channels, bytes: clean),
      Image(width: width, height: height, channels: channels, bytes: made)
    )
  }

  private static func overlap(_ one: Mask, _ other: Mask) -> Double {
    let both = zip(one.bits, other.bits).reduce(0) { $0 + Int($1.0 & $1.1) }
    return Double(both) / Double(max(1, one.union(other).area))
  }

  @Test(arguments: Shape.allCases, Light.allCases)
  func plantedDefectsAreFound(shape: Shape, light: Light) throws {
    let known = Self.mask(shape)
    for (contrast, channels) in [(-45.0, 1), (40, 3)] {
      let (clean, made) = Self.images(known, light, contrast: contrast, channels: channels)
      let found = try DifferenceMask(of: made, from: clean)
      let overlap = Self.overlap(found.mask, known)
      #expect(overlap >= 0.8, "\(overlap), threshold \(found.threshold), noise \(found.noise)")
      #expect(found.quality >= 0.85, "quality \(found.quality)")
      #expect(abs(found.share - Double(known.area) / Double(known.bits.count)) < 0.05)
      #expect(found.reason(against: .init()) == nil)
    }
  }

  @Test(arguments: Light.allCases)
  func withoutDefectThereIsNoMask(light: Light) throws {
    for (seed, noise) in [(1, 0.5), (2, 2), (3, 6), (4, 15)] as [(UInt64, Double)] {
      let (clean, made) = Self.images(nil, light, noise: noise, seed: seed)
      let found = try DifferenceMask(of: made, from: clean)
      #expect(found.quality < 0.5 && found.share < 0.002, "\(found.quality), \(found.share) with noise \(noise)")
      #expect(found.reason(against: .init()) != nil)
    }
  }

  @Test func anImageThatIsTheSameHasNoMask() throws {
    let (clean, _) = Self.images(nil, .same)
    let found = try DifferenceMask(of: clean, from: clean)
    #expect(found.mask.isEmpty && found.quality == 0)
    let flat = Image(width: 16, height: 9, filledWith: 7)
    #expect(try DifferenceMask(of: Image(width: 16, height: 9, filledWith: 200), from: flat).mask.isEmpty)
    let dot = Image(width: 1, height: 1, filledWith: 0)
    #expect(try DifferenceMask(of: Image(width: 1, height: 1, filledWith: 255), from: dot).mask.isEmpty)
  }

  /// A surface that was made anew everywhere gives no mask to be trusted, whatever its threshold finds.
  @Test func anotherTextureIsRefused() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let (clean, _) = Self.images(nil, .same, seed: seed)
      let (other, _) = Self.images(nil, .same, seed: seed + 100)
      let found = try DifferenceMask(of: other, from: clean)
      #expect(found.reason(against: .init()) != nil, "quality \(found.quality), share \(found.share)")
    }
  }

  /// A translator that paints a grey surface in place of the clean one, with a defect on it, has changed all of it.
  @Test func aSurfaceWashedOutIsRefused() throws {
    let (clean, made) = Self.images(Self.mask(.disc), .slope)
    #expect(try DifferenceMask(of: made, from: clean).surface > 0.9)
    var random = SeededGenerator(seed: 4, purpose: "washed out")
    let known = Self.mask(.disc)
    let grey = known.bits.map { UInt8(120 + random.normal() - ($0 == 1 ? 60 : 0)) }
    let washed = try DifferenceMask(of: Image(width: Self.side, height: Self.side, bytes: grey), from: clean)
    #expect(washed.surface < 0.2)
    #expect(washed.reason(against: .init())?.contains("made anew") ?? false)
    var settings = DifferenceMaskSettings()
    settings.leastSurface = -1
    #expect(washed.reason(against: settings)?.contains("made anew") != true)
    let flat = Image(width: 20, height: 20, filledWith: 50)
    #expect(try DifferenceMask(of: Image(width: 20, height: 20, filledWith: 90), from: flat).surface == 1)
  }

  @Test func qualityFallsWithContrast() throws {
    let known = Self.mask(.disc)
    let qualities = try [60.0, 25, 12, 3].map { contrast in
      let (clean, made) = Self.images(known, .slope, contrast: contrast, noise: 4)
      return try DifferenceMask(of: made, from: clean).quality
    }
    #expect(qualities == qualities.sorted(by: >), "\(qualities)")
    #expect(qualities[0] > 0.8 && qualities[3] < 0.5, "\(qualities)")
  }

  /// On a large strip the same defect counts as on a small image.
  @Test func qualityDoesNotDependOnTheImage() throws {
    let small = Self.images(Self.mask(.spots), .slope, contrast: -18)
    let large = Self.images(
      Self.mask(.spots, width: 800, height: 256), .slope, contrast: -18, width: 800, height: 256)
    let (one, other) = (
      try DifferenceMask(of: small.made, from: small.clean), try DifferenceMask(of: large.made, from: large.clean)
    )
    #expect(abs(one.quality - other.quality) < 0.1, "\(one.quality), \(other.quality)")
    #expect(other.share < 0.002 && other.quality > 0.7)
  }

  /// Weak ends belong to a strong defect; weak places alone are none, and neither are small spots, as small as one likes.
  @Test func hysteresisFollowsADefectToItsEnds() throws {
    let (clean, _) = Self.images(nil, .same)
    var random = SeededGenerator(seed: 9, purpose: "weak")
    var bytes = clean.bytes.map { Double($0) + random.normal() }
    for x in 30...100 {
      // From 14 levels at the ends to 100 in the middle.
      let depth = 100 - 86 * abs(Double(x) - 65) / 35
      for y in 60...66 { bytes[y * Self.side + x] -= depth }
    }
    for y in 100...104 { for x in 100...104 { bytes[y * Self.side + x] -= 7 } }
    for y in 19...20 { for x in 19...20 { bytes[y * Self.side + x] -= 110 } }
    let made = Image(
      width: Self.side, height: Self.side, bytes: bytes.map { UInt8(min(max($0.rounded(), 0), 255)) })
    let found = try DifferenceMask(of: made, from: clean)
    // 29 levels, between the threshold and its half.
    #expect(found.threshold > 30 && found.threshold < 55, "\(found.threshold)")
    #expect(found.mask[36, 63] && found.mask[94, 63] && found.mask[65, 63])
    #expect(!found.mask[102, 102])
    var settings = DifferenceMaskSettings()
    settings.leastArea = 40
    #expect(found.mask[20, 20])
    #expect(try !DifferenceMask(of: made, from: clean, settings: settings).mask[20, 20])
  }

  @Test func otsuDividesWhereTheClassesAre() {
    let values = [Float](repeating: 2, count: 90) + [Float](repeating: 3, count: 10) + [Float](repeating: 40, count: 20)
    let threshold = Otsu(of: values).threshold
    #expect(threshold > 3 && threshold <= 40)
    let mask = Mask(width: 120, height: 1, bits: values.map { $0 > 20 ? 1 : 0 })
    let all = Mask(width: 120, height: 1, bits: Array(repeating: 1, count: 120))
    // By hand: between 2.1 and 40 with 100 : 20, within 0.09 × 100 / 120.
    let between = 100.0 * 20 / 14400 * 37.9 * 37.9
    let quality = Otsu.separability(of: values, changed: mask, within: all)
    #expect(abs(quality - between / (between + 0.09 * 100 / 120)) < 1e-6)
    #expect(Otsu.separability(of: values, changed: all, within: all) == 0)
    #expect(Otsu.separability(of: Array(repeating: 5, count: 120), changed: mask, within: all) == 0)
  }

  @Test func boxesAreMeans() {
    let plane = (0..<35).map { Float(($0 * 13) % 17) }
    for radius in [1, 2, 9] {
      let boxed = plane.boxed(width: 7, height: 5, radius: radius)
      func box(_ plane: [Float]) -> [Float] {
        plane.indices.map { index in
          var sum: Float = 0
          for y in 0..<5 where abs(y - index / 7) <= radius {
            for x in 0..<7 where abs(x - index % 7) <= radius { sum += plane[y * 7 + x] }
          }
          return sum / Float((2 * radius + 1) * (2 * radius + 1))
        }
      }
      #expect(zip(boxed, box(box(plane))).allSatisfy { abs($0 - $1) < 1e-4 })
    }
    #expect(abs([Float](repeating: 3, count: 5).medianSize - 3) < 0.01)
    #expect(abs([1, -2, 3, -4, 500].medianSize - 3) < 0.01)
  }
}
