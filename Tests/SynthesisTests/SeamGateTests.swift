import Datasets
import Foundation
import Images
import Randomness
import TestFolders
import Testing

@testable import Synthesis

/// Seams: what is pasted as it is shows one, what is blended does not.
struct SeamGateTests {
  private static let size = 72

  /// Noise of one brightness, with a disc darker by `contrast`.
  private func disc(brightness: Double, contrast: Double, seam: Double = 0) -> (image: Image, mask: Mask) {
    var random = SeededGenerator(seed: 3)
    let middle = Double(Self.size) / 2
    let away = (0..<Self.size * Self.size).map { index in
      hypot(Double(index % Self.size) - middle, Double(index / Self.size) - middle)
    }
    let mask = Mask(width: Self.size, height: Self.size, bits: away.map { $0 <= 9 ? 1 : 0 })
    return (
      Image(
        width: Self.size, height: Self.size,
        bytes: away.map { distance in
          let inside = distance <= 9 ? -contrast + seam : distance <= 13 ? seam * (13 - distance) / 5 : 0
          return UInt8(brightness + inside + 2 * random.normal())
        }), mask
    )
  }

  @Test func figuresFollowContrastAndHalo() throws {
    func figures(_ contrast: Double, _ seam: Double = 0, brightness: Double = 120) throws -> RimFigures {
      let (image, mask) = disc(brightness: brightness, contrast: contrast, seam: seam)
      let box = try #require(mask.boundingBox)
      return try #require(try RimFigures(of: image, mask: mask, box: box))
    }
    let (none, dark, pasted) = (try figures(0), try figures(40), try figures(40, 30))
    // The noise's own difference between neighbours is the unit.
    #expect(abs(none.rim - 1) < 0.3 && abs(none.step) < 0.3 && abs(none.halo) < 0.3)
    #expect(abs(dark.rim + dark.step) < 0.5 && dark.rim > 12 && abs(dark.halo) < 0.3)
    #expect(pasted.halo > 2)
    let bright = try figures(40, brightness: 200)
    #expect(abs(bright.step - dark.step) < 1.5)
  }

  @Test func otherDefectsAreNotLookedAt() throws {
    let (image, mask) = disc(brightness: 120, contrast: 40)
    let other = Mask(width: Self.size, height: Self.size, box: PixelBox(x: 50, y: 20, width: 9, height: 30))
    let spoilt = Image(
      width: Self.size, height: Self.size, bytes: zip(image.bytes, other.bits).map { $1 != 0 ? 250 : $0 })
    let box = try #require(mask.boundingBox)
    let (plain, hidden) = (
      try #require(try RimFigures(of: image, mask: mask, box: box)),
      try #require(try RimFigures(of: spoilt, mask: mask, box: box, others: other))
    )
    let seen = try #require(try RimFigures(of: spoilt, mask: mask, box: box))
    #expect(abs(plain.rim - hidden.rim) < 1 && abs(plain.halo - hidden.halo) < 0.5)
    #expect(abs(plain.rim - seen.rim) > 2)
    let whole = Mask(width: 4, height: 4, bits: Array(repeating: 1, count: 16))
    #expect(
      try RimFigures(
        of: Image(width: 4, height: 4, filledWith: 3), mask: whole, box: PixelBox(x: 0, y: 0, width: 4, height: 4))
        == nil)
  }

  @Test func rangesComeFromTheClassWhereItHasEnough() throws {
    func figures(_ contrast: Double) throws -> RimFigures {
      let (image, mask) = disc(brightness: 140, contrast: contrast)
      let box = try #require(mask.boundingBox)
      return try #require(try RimFigures(of: image, mask: mask, box: box))
    }
    let dark = try (0..<10).map { ("dark", try figures(40 + Double($0))) }
    let bright = try (0..<10).map { ("bright", try figures(-40 - Double($0))) }
    let few = try [("few", figures(0))]
    let ranges = SeamRanges((dark + bright + few).map { (category: $0.0, figures: $0.1) }, share: 0.99)
    #expect(ranges.reason(against: try figures(45), in: "dark") == nil)
    #expect(ranges.reason(against: try figures(45), in: "bright")?.hasPrefix("step") ?? false)
    #expect(ranges.reason(against: try figures(45), in: "few") == nil)
    #expect(ranges.reason(against: try figures(90), in: "dark")?.hasPrefix("rim") ?? false)
    #expect(ranges.reason(against: try figures(5), in: "dark")?.hasPrefix("step") ?? false)
  }

  /// Steel under changing light: what is pasted hard brings its own picture's brightness.
  @Test func onSteelBlendedPastesPassAndHardOnesDoNot() throws {
    let temporary = try TemporaryFolder()
    let steel = try temporary.steel(count: 96)
    let set = try lit(steel, to: temporary["lit"])
    let library = try DefectLibrary(of: set)
    let gates = try DefectGates(GateSettings(gates: [.seam]), on: set, library: library)
    var passed: [CopyPaste.Blend: Int] = [:]
    for blend in CopyPaste.Blend.allCases {
      let placer = try DefectPlacer(scales: 0.8...1.1, turn: 180)
      let synthesis = try PlacedSynthesis(
        DefectPaster(set, blend: blend), on: set, shapes: library, placer: placer, seed: 2
      )
      // Where all are refused that is an error, and none are kept.
      let made = try? synthesis.synthesize(count: 40, to: temporary["\(blend)"], gates: gates)
      passed[blend] = made?.kept.images.count ?? 0
    }
    print("passed of 40: \(passed)")
    #expect(passed[.poisson] ?? 0 >= 28, "\(passed)")
    #expect(passed[.none] ?? 40 <= 12 && passed[.feather] ?? 40 <= 12, "\(passed)")
  }

  /// The set with each image's brightness multiplied by a number of its own.
  private func lit(_ set: Dataset, to folder: URL) throws -> Dataset {
    let writer = try DatasetWriter(
      to: folder, description: "", cleanName: set.cleanName, categories: set.categories.map(\.name))
    for (index, image) in set.images.enumerated() {
      let light = [0.5, 1, 0.7, 1.25][index * 7 / 3 % 4]
      let pixels = try set.pixels(of: image)
      try writer.add(
        Image(
          width: image.width, height: image.height, channels: pixels.channels,
          bytes: pixels.bytes.map { UInt8(min(Double($0) * light, 255)) }), as: image.fileName,
        labels: image.annotations.compactMap { annotation in
          annotation.segmentation.map { .init(set.className(of: image), code: $0) }
        }, split: image.split, provenance: Provenance(source: "", group: image.group))
    }
    return try writer.finish()
  }
}
