import Images
import Testing

/// Turning, mirroring and scaling by a map.
struct WarpingTests {
  /// Every pixel another value, on no side alike.
  private let image = Image(width: 7, height: 4, bytes: (0..<28).map { UInt8(3 + $0 * 8) })

  private func map(_ angle: Double, mirrored: Bool = false, scale: Double = 1, to size: (width: Int, height: Int))
    -> AffineMap
  {
    AffineMap(undoing: angle, scale: scale, mirrored: mirrored, of: (7, 4), on: size)
  }

  @Test(arguments: [(0.0, nil as Image.Turn?), (90, .quarter), (180, .half), (270, .threeQuarters)])
  func quarterTurnsAreExact(angle: Double, turn: Image.Turn?) throws {
    for mirrored in [false, true] {
      let before = mirrored ? try image.flippedHorizontally() : image
      let expected = try turn.map { try before.turned(by: $0) } ?? before
      let map = map(angle, mirrored: mirrored, to: (expected.width, expected.height))
      #expect(try image.warped(by: map, width: expected.width, height: expected.height) == expected)
      let mask = Mask(thresholding: image, above: 100)
      #expect(
        mask.warped(by: map, width: expected.width, height: expected.height)
          == Mask(thresholding: expected, above: 100))
    }
  }

  /// A turn by 30 degrees clockwise moves what lies to the right downwards.
  @Test func anglesAreClockwise() {
    let map = AffineMap(undoing: 30, scale: 2, mirrored: false, of: (11, 11), on: (41, 41))
    let place = map(20 + 2 * 4 * 0.866_025_403_784, 20 + 2 * 4 * 0.5)
    #expect(abs(place.x - 9) < 1e-9 && abs(place.y - 5) < 1e-9)
  }

  @Test func mapsAreMovedBeforeAndAfter() {
    let map = AffineMap(a: 1, b: 2, c: 3, d: 4, e: 5, f: 6)
    #expect(map.after(movingBy: 10, 20)(1, 2) == map(11, 22))
    let (moved, plain) = (map.then(movingBy: 10, 20)(1, 2), map(1, 2))
    #expect(moved == (plain.x + 10, plain.y + 20))
  }

  @Test func whatLiesOutsideIsUnsetOrTheBorder() throws {
    let map = AffineMap(movingBy: -2, -1)
    let mask = Mask(width: 7, height: 4, bits: Array(repeating: 1, count: 28)).warped(by: map, width: 10, height: 7)
    #expect(mask.boundingBox == PixelBox(x: 2, y: 1, width: 7, height: 4) && mask.area == 28)
    let moved = try image.warped(by: map, width: 10, height: 7)
    #expect(moved[0, 0] == image[0, 0] && moved[9, 6] == image[6, 3] && moved[3, 2] == image[1, 1])
  }

  @Test func distancesAreEuclidean() throws {
    var bits = [UInt8](repeating: 1, count: 81)
    bits[4 * 9 + 4] = 0
    let mask = Mask(width: 9, height: 9, bits: bits)
    let distances = try mask.distances()
    #expect(distances[40] == 0 && distances[4 * 9 + 7] == 3)
    #expect(abs(distances[8 * 9 + 7] - 5) < 1e-5)
    let grown = try mask.inverted.dilated(by: 2)
    // The 13 points of the lattice within a distance of 2.
    #expect(grown.area == 13 && grown[4, 2] && grown[5, 5] && !grown[6, 5])
    #expect(try Mask(width: 3, height: 3).dilated(by: 5).isEmpty)
  }
}
