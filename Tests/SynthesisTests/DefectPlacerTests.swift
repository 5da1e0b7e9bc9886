import Datasets
import Files
import Foundation
import Images
import Randomness
import Synthesis
import TestFolders
import Testing

struct DefectPlacerTests {
  /// One shape, always the same: an L, which no turn or mirror brings onto itself.
  private struct OneShape: DefectShapes {
    let classNames = ["L"]
    let side: Int

    func shape(of category: String, _ random: inout SeededGenerator) throws -> DefectShape {
      let bits = (0..<side * side).map { index -> UInt8 in
        index % side < side / 3 || index / side >= side * 3 / 4 ? 1 : 0
      }
      return DefectShape(category: category, mask: Mask(width: side, height: side, bits: bits), origin: nil)
    }
  }

  /// 160 × 90, its columns 50 ..< 60 and from 140 on dark.
  private func surface() throws -> Surface {
    try Surface(
      of: Image(
        width: 160, height: 90, bytes: (0..<160 * 90).map { (50..<60).contains($0 % 160) || $0 % 160 >= 140 ? 3 : 120 })
    )
  }

  private func place(
    _ seed: UInt64, side: Int = 24, _ placer: DefectPlacer? = nil, within window: PixelBox? = nil
  ) throws -> DefectPlacement {
    var random = SeededGenerator(seed: seed, purpose: "place")
    return try (placer ?? DefectPlacer(scales: 0.7...1.4, turn: 180)).place(
      "L", from: OneShape(side: side), on: surface(), within: window, &random)
  }

  @Test func aSurfaceLeavesOutDarkColumns() throws {
    #expect(try surface().stretches == [0..<50, 60..<140])
    #expect(try surface().mask.area == 130 * 90)
    #expect(try surface().shows(column: 49) && !surface().shows(column: 50) && !surface().shows(column: 159))
    // 25 itself is not dark, and a column counts as a whole.
    let half = Image(width: 2, height: 2, bytes: [49, 50, 0, 0])
    #expect(try Surface(of: half).stretches == [1..<2])
    #expect(try Surface(of: half, darkLevel: 0).stretches == [0..<2])
  }

  @Test func masksLieOnTheSurfaceAndKeepTheirArea() throws {
    let shape = try OneShape(side: 24).mask()
    var ratios: [Double] = []
    for seed in 0..<300 as Range<UInt64> {
      let found = try place(seed)
      #expect((found.mask.width, found.mask.height) == (160, 90))
      #expect(found.box == found.mask.boundingBox)
      let columns = found.mask.bits.indices.filter { found.mask.bits[$0] != 0 }.map { $0 % 160 }
      #expect(columns.allSatisfy { $0 < 50 || (60..<140).contains($0) }, "seed \(seed)")
      #expect((0.7...1.4).contains(found.scale) && (-180...180).contains(found.angle))
      ratios.append(Double(found.mask.area) / (Double(shape.area) * found.scale * found.scale))
      // The map leads to the very pixels of the shape: none too many, none too few, no place off by one.
      #expect(found.mask == shape.warped(by: found.map, width: 160, height: 90), "seed \(seed)")
    }
    #expect(ratios.allSatisfy { abs($0 - 1) < 0.12 }, "\(ratios.min() ?? 0) … \(ratios.max() ?? 0)")
    #expect(abs(ratios.reduce(0, +) / 300 - 1) < 0.005)
  }

  /// What a map leads to is what angle, scale and mirror say.
  @Test func theMapIsOfTheAngleScaleAndMirror() throws {
    for seed in 0..<40 as Range<UInt64> {
      let found = try place(seed)
      let map = found.map
      let determinant = map.a * map.e - map.b * map.d
      #expect((determinant < 0) == found.isMirrored)
      #expect(abs(abs(determinant) * found.scale * found.scale - 1) < 1e-9)
      // Downwards in the shape is, in the image, down turned clockwise.
      let turn = found.angle * .pi / 180
      let (start, end) = (map(0, 0), map(-found.scale * sin(turn), found.scale * cos(turn)))
      #expect(abs(end.x - start.x) < 1e-9 && abs(end.y - start.y - 1) < 1e-9)
    }
  }

  @Test func everythingIsDrawnAndTheSeedDecides() throws {
    let found = try (0..<400 as Range<UInt64>).map { try place($0) }
    #expect(try place(7) == found[7])
    #expect(Set(found.map(\.mask.bits)).count > 390)
    #expect(Set(found.map { Int(($0.angle + 180) / 30) }).count == 12)
    #expect((120...280).contains(found.count { $0.isMirrored }))
    #expect(found.count { $0.scale < 1 } > 120 && found.count { $0.scale > 1 } > 120)
    // Both stretches of the surface, up to their borders.
    #expect(found.contains { $0.box.x < 3 } && found.contains { $0.box.x + $0.box.width > 137 })
    #expect(found.contains { $0.box.y < 3 } && found.contains { $0.box.y + $0.box.height > 87 })
  }

  @Test func aWindowIsKeptTo() throws {
    let window = PixelBox(x: 40, y: 20, width: 64, height: 50)
    for seed in 0..<100 as Range<UInt64> {
      let box = try place(seed, side: 16, within: window).box
      #expect(box.x >= 60 && box.y >= 20 && box.x + box.width <= 104 && box.y + box.height <= 70)
    }
  }

  @Test func withoutTurnsShapesStayUpright() throws {
    var placer = try DefectPlacer(scales: 1...1)
    (placer.angles, placer.mirrors) = (0...0, false)
    let found = try place(3, placer)
    #expect(try found.mask.cropped(to: found.box) == OneShape(side: 24).mask())
    #expect(found.scale == 1 && !found.isMirrored)
  }

  /// Defects keep the direction that real ones have on their surface, up to some degrees.
  @Test func shapesAreTurnedAsFarAsTheyMay() throws {
    for (placer, turn) in try [(DefectPlacer(), 10.0), (DefectPlacer(turn: 25), 25)] {
      let angles = try (0..<200 as Range<UInt64>).map { try place($0, placer).angle }
      #expect(angles.allSatisfy { abs($0) <= turn })
      #expect((angles.min() ?? 0) < -0.9 * turn && (angles.max() ?? 0) > 0.9 * turn)
    }
  }

  /// A shape that is too large is made smaller, and refused when that does not help.
  @Test func shapesThatDoNotFitShrink() throws {
    let found = try place(1, side: 150)
    #expect(found.scale < 0.7 && found.mask.area > 1000)
    var placer = try DefectPlacer()
    placer.shrinkings = 0
    #expect { try place(1, side: 300, placer) } throws: {
      "\($0)".contains("a shape of L") && "\($0)".contains("80 × 90 pixels")
    }
    #expect { try place(1, within: PixelBox(x: 51, y: 0, width: 8, height: 90)) } throws: {
      "\($0)".contains("no surface at all")
    }
    #expect(throws: InputError.self) { try DefectPlacer(scales: 0...1) }
    #expect(throws: InputError.self) { try DefectPlacer(turn: 181) }
    #expect(throws: InputError.self) { try DefectPlacer(turn: -1) }
  }
}

extension DefectShapes {
  fileprivate func mask() throws -> Mask {
    var random = SeededGenerator(seed: 0)
    return try shape(of: "L", &random).mask
  }
}
