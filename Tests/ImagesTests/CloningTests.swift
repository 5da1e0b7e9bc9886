import Images
import Testing

/// Poisson blending over OpenCV, and its traps.
struct CloningTests {
  /// A sloping surface.
  private func surface(_ base: Int, channels: Int = 1) -> Image {
    let grey = Image(width: 60, height: 50, bytes: (0..<3000).map { UInt8(base + $0 % 60 / 4 + $0 / 60 / 5) })
    return channels == 1 ? grey : grey.colour()
  }

  /// The surface with a dark spot of 5 × 5 whose middle is (x, y).
  private func spotted(_ base: Int, _ x: Int, _ y: Int) -> Image {
    var bytes = surface(base).bytes
    for row in max(y - 2, 0)...min(y + 2, 49) {
      for column in max(x - 2, 0)...min(x + 2, 59) { bytes[row * 60 + column] -= 40 }
    }
    return Image(width: 60, height: 50, bytes: bytes)
  }

  private func mask(_ box: PixelBox) -> Mask {
    Mask(
      width: 60, height: 50,
      bits: (0..<3000).map { index in
        (box.x..<box.x + box.width).contains(index % 60) && (box.y..<box.y + box.height).contains(index / 60) ? 1 : 0
      })
  }

  /// The spot is where it was, to the pixel, for boxes with even and odd sides, within and along the border.
  @Test(arguments: [
    PixelBox(x: 18, y: 13, width: 24, height: 24), PixelBox(x: 17, y: 13, width: 25, height: 23),
    PixelBox(x: 16, y: 12, width: 27, height: 26), PixelBox(x: 0, y: 0, width: 22, height: 21),
    PixelBox(x: 40, y: 30, width: 20, height: 20), PixelBox(x: 0, y: 10, width: 60, height: 25),
    PixelBox(x: 0, y: 0, width: 60, height: 50),
  ])
  func theDefectStaysInItsPlace(box: PixelBox) throws {
    let (x, y) = (box.x + box.width / 2, box.y + box.height / 2)
    let expected = spotted(160, x, y)
    // The source is 60 grey values darker all over; gradients know nothing of it.
    let made = try spotted(100, x, y).cloned(into: surface(160), mask: mask(box))
    let worst = zip(made.bytes, expected.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst <= 4, "\(worst) grey values from where it should be")
  }

  @Test func greyAndColourAgree() throws {
    let (source, mask) = (spotted(100, 30, 25), mask(PixelBox(x: 18, y: 13, width: 24, height: 24)))
    for cloning in [Image.Cloning.normal, .mixed] {
      let grey = try source.cloned(into: surface(160), mask: mask, cloning)
      let colour = try source.colour().cloned(into: surface(160, channels: 3), mask: mask, cloning)
      #expect(grey.channels == 1 && colour == grey.colour())
    }
  }

  /// Where the target's gradients are steeper they remain, and only when mixing.
  @Test func mixingKeepsTheTargetsTexture() throws {
    let stripes = Image(width: 60, height: 50, bytes: (0..<3000).map { UInt8($0 % 6 < 3 ? 120 : 150) })
    let mask = mask(PixelBox(x: 10, y: 10, width: 40, height: 30))
    func contrast(_ cloning: Image.Cloning) throws -> Int {
      let made = try surface(100).cloned(into: stripes, mask: mask, cloning)
      let row = (20..<40).map { made[$0, 25] }
      return (row.max() ?? 0) - (row.min() ?? 0)
    }
    #expect(try contrast(.mixed) > 20)
    #expect(try contrast(.normal) < 15)
  }

  @Test func anEmptyMaskChangesNothing() throws {
    let target = surface(90)
    #expect(try spotted(40, 30, 25).cloned(into: target, mask: Mask(width: 60, height: 50)) == target)
  }

  @Test func otherSizesAndBitsAreRefused() {
    let small = Image(width: 20, height: 20, filledWith: 9)
    #expect(throws: VisionError.self) { try small.cloned(into: surface(9), mask: Mask(width: 60, height: 50)) }
    #expect(throws: VisionError.self) { try surface(9).cloned(into: surface(9), mask: Mask(width: 20, height: 20)) }
    #expect(throws: VisionError.self) {
      try surface(9).cloned(into: surface(9, channels: 3), mask: Mask(width: 60, height: 50))
    }
    let deep = Image(width: 20, height: 20, channels: 1, samples: .sixteen(Array(repeating: 9, count: 400)))
    #expect(throws: VisionError.self) { try deep.cloned(into: deep, mask: Mask(width: 20, height: 20)) }
  }
}
