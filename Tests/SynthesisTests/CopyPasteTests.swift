import Datasets
import Files
import Foundation
import Images
import Randomness
import Synthesis
import TestFolders
import Testing

struct CopyPasteTests {
  /// Where the source's defect lies: 14 × 10 pixels in 70 × 60.
  private static let box = PixelBox(x: 28, y: 24, width: 14, height: 10)

  /// A surface of one grey value with a defect whose pixels differ in all directions.
  private func source(base: Int = 90) -> Image {
    Image(
      width: 70, height: 60,
      bytes: (0..<70 * 60).map { index in
        let (x, y) = (index % 70 - Self.box.x, index / 70 - Self.box.y)
        let isDefect = (0..<14).contains(x) && (0..<10).contains(y)
        return UInt8(isDefect ? base - 60 + 3 * x + y : base)
      })
  }

  private func clean(channels: Int = 1) -> Image {
    var random = SeededGenerator(seed: 4)
    let grey = Image(width: 100, height: 80, bytes: (0..<8000).map { _ in UInt8(180 + random.int(below: 5)) })
    return channels == 1 ? grey : grey.colour()
  }

  /// The library of a data set with that one defect.
  private func library(_ temporary: TemporaryFolder) throws -> DefectLibrary {
    let writer = try DatasetWriter(
      to: temporary["one"], description: "", cleanName: "clean", categories: ["defect"])
    try writer.add(
      source(), as: "0.png", labels: [.init("defect", mask: Mask(width: 70, height: 60, box: Self.box))], split: .train,
      provenance: Provenance(source: "", group: "0"))
    return try DefectLibrary(of: writer.finish())
  }

  private func placement(_ seed: UInt64, _ placer: DefectPlacer? = nil) throws -> DefectPlacement {
    var random = SeededGenerator(seed: seed)
    return try (placer ?? DefectPlacer()).place(
      "defect", from: library(TemporaryFolder()), on: Surface(width: 100, height: 80), &random)
  }

  private func paste(
    _ blend: CopyPaste.Blend, _ placement: DefectPlacement, base: Int = 90, channels: Int = 1,
    surface: Surface = Surface(width: 100, height: 80)
  ) throws -> Image {
    let defects = Mask(width: 70, height: 60, box: Self.box)
    let source = try PasteSource(source(base: base), shape: placement.shape, defects: defects)
    return try CopyPaste(blend).paste(placement, from: source, onto: clean(channels: channels), surface: surface)
  }

  @Test(arguments: CopyPaste.Blend.allCases)
  func nothingBeyondTheMarginChanges(blend: CopyPaste.Blend) throws {
    for seed in 0..<12 as Range<UInt64> {
      let placement = try placement(seed)
      let made = try paste(blend, placement)
      let reach = try placement.mask.dilated(by: Double(CopyPaste(blend).margin))
      let clean = clean()
      var (changed, inside) = (0, 0)
      for index in made.bytes.indices where made.bytes[index] != clean.bytes[index] {
        if reach.bits[index] == 0 { changed += 1 }
        if placement.mask.bits[index] != 0 { inside += 1 }
      }
      #expect(changed == 0, "seed \(seed): \(changed) pixels beyond the margin")
      #expect(Double(inside) > 0.9 * Double(placement.mask.area))
    }
  }

  /// Pixels are turned, mirrored and scaled as the mask is.
  @Test(arguments: [CopyPaste.Blend.none, .feather])
  func withinTheMaskAreTheSourcesPixels(blend: CopyPaste.Blend) throws {
    var mirrored = 0
    for seed in 0..<20 as Range<UInt64> {
      let placement = try placement(seed)
      let made = try paste(blend, placement)
      mirrored += placement.isMirrored ? 1 : 0
      for index in made.bytes.indices where placement.mask.bits[index] != 0 {
        let place = placement.map(Double(index % 100), Double(index / 100))
        // Along the outline the surface around it comes in between pixels.
        guard (1...12).contains(place.x), (1...8).contains(place.y) else { continue }
        let expected = 30 + 3 * place.x + place.y
        #expect(abs(Double(made.bytes[index]) - expected) < 4, "seed \(seed)")
      }
    }
    #expect((3...17).contains(mirrored))
  }

  @Test func uprightAndAtItsOwnScaleTheDefectIsCopiedToThePixel() throws {
    var placer = try DefectPlacer(scales: 1...1)
    (placer.angles, placer.mirrors) = (0...0, false)
    let placement = try placement(2, placer)
    let made = try paste(.none, placement)
    #expect(made.cropped(to: placement.box) == source().cropped(to: Self.box))
  }

  /// Poisson blending shows the defect in the clean image's light, however bright its picture was; a hard paste does not.
  @Test func poissonTakesTheCleanImagesBrightness() throws {
    let placement = try placement(5)
    func paste(_ blend: CopyPaste.Blend, light: Double) throws -> Image {
      let picture = Image(width: 70, height: 60, bytes: source().bytes.map { UInt8((Double($0) * light).rounded()) })
      let defects = Mask(width: 70, height: 60, box: Self.box)
      return try CopyPaste(blend).paste(
        placement, from: PasteSource(picture, shape: placement.shape, defects: defects), onto: clean(),
        surface: Surface(width: 100, height: 80))
    }
    let (dark, bright) = (try paste(.poisson, light: 0.8), try paste(.poisson, light: 2.5))
    let (hardDark, hardBright) = (try paste(.none, light: 0.8), try paste(.none, light: 2.5))
    func difference(_ one: Image, _ other: Image) -> Int {
      zip(one.bytes, other.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
    #expect(difference(dark, bright) <= 5 && difference(hardDark, hardBright) > 80)
    // The defect reflects a third to nine tenths of what its surface of 90 does, here as there.
    let inside = dark.bytes.indices.filter { placement.mask.bits[$0] != 0 }.map { Double(dark.bytes[$0]) }
    let share = inside.reduce(0, +) / Double(inside.count) / 182
    #expect(abs(share - (30 + 3 * 6.5 + 4.5) / 90) < 0.06, "\(share)")
  }

  /// A defect that ends where its picture does keeps its contrast, right up to that end.
  @Test func aDefectAtTheEdgeOfItsPictureIsNotWashedOut() throws {
    let box = PixelBox(x: 20, y: 0, width: 16, height: 12)
    let bits = Mask(width: 70, height: 60, box: box)
    let picture = Image(width: 70, height: 60, bytes: bits.bits.map { $0 == 0 ? 120 : 60 })
    let shape = DefectShape(
      category: "defect", mask: Mask(width: 16, height: 12, bits: Array(repeating: 1, count: 192)),
      origin: .init(fileName: "0.png", group: "0", instance: 0, box: box))
    let shapes = PlacedShape(shape: shape)
    var placer = try DefectPlacer(scales: 1...1)
    (placer.angles, placer.mirrors) = (0...0, false)
    var random = SeededGenerator(seed: 1)
    let surface = Surface(width: 100, height: 80)
    let placement = try placer.place(
      "defect", from: shapes, on: surface, within: PixelBox(x: 30, y: 30, width: 30, height: 30), &random)
    let made = try CopyPaste(.poisson).paste(
      placement, from: PasteSource(picture, shape: shape, defects: bits), onto: clean(), surface: surface)
    let row = (0..<16).map { made[placement.box.x + $0, placement.box.y + 1] }
    #expect(row.allSatisfy { (70...112).contains($0) }, "\(row)")
  }

  private struct PlacedShape: DefectShapes {
    let classNames = ["defect"]
    let shape: DefectShape

    func shape(of category: String, _ random: inout SeededGenerator) throws -> DefectShape { shape }
  }

  /// At the pasted region's border the picture goes on: no step that is larger than the clean image's own noise.
  @Test func poissonLeavesNoSeam() throws {
    for seed in 0..<8 as Range<UInt64> {
      let placement = try placement(seed)
      let made = try paste(.poisson, placement)
      let near = try placement.mask.dilated(by: 5)
      let region = try placement.mask.dilated(by: 9)
      var worst = 0
      for y in 0..<80 {
        for x in 0..<99 {
          let index = y * 100 + x
          guard region.bits[index] != 0, near.bits[index] == 0, near.bits[index + 1] == 0 else { continue }
          worst = max(worst, abs(made[x, y] - made[x + 1, y]))
        }
      }
      #expect(worst <= 12, "seed \(seed): a step of \(worst)")
    }
  }

  /// Another defect beside the one that is pasted stays where it is.
  @Test(arguments: [CopyPaste.Blend.poisson, .mixed, .feather])
  func neighboursDoNotComeAlong(blend: CopyPaste.Blend) throws {
    var placer = try DefectPlacer(scales: 1...1)
    (placer.angles, placer.mirrors) = (0...0, false)
    let placement = try placement(2, placer)
    let other = PixelBox(x: Self.box.x + 17, y: Self.box.y, width: 12, height: 10)
    var bytes = source().bytes
    for y in other.y..<other.y + other.height { for x in other.x..<other.x + other.width { bytes[y * 70 + x] = 255 } }
    let picture = Image(width: 70, height: 60, bytes: bytes)
    let defects = Mask(width: 70, height: 60, box: Self.box).union(Mask(width: 70, height: 60, box: other))
    func paste(_ defects: Mask) throws -> Image {
      try CopyPaste(blend).paste(
        placement, from: PasteSource(picture, shape: placement.shape, defects: defects), onto: clean(),
        surface: Surface(width: 100, height: 80))
    }
    func brightest(_ image: Image) -> Int {
      (placement.box.y..<placement.box.y + 10).flatMap { y in
        (placement.box.x + 17..<min(placement.box.x + 22, 100)).map { image[$0, y] }
      }.max() ?? 0
    }
    try #require(placement.box.x + 22 < 100)
    #expect(brightest(try paste(defects)) < 192)
    #expect(brightest(try paste(Mask(width: 70, height: 60, box: Self.box))) > 192)
  }

  @Test func darkColumnsOfTheCleanImageStayAsTheyAre() throws {
    let placement = try placement(1)
    let clean = clean()
    // All but the columns of the mask is no surface.
    let bytes = (0..<8000).map { index -> UInt8 in
      (placement.box.x..<placement.box.x + placement.box.width).contains(index % 100) ? 200 : 0
    }
    let surface = try Surface(of: Image(width: 100, height: 80, bytes: bytes))
    let made = try paste(.poisson, placement, surface: surface)
    for index in made.bytes.indices where !surface.shows(column: index % 100) {
      #expect(made.bytes[index] == clean.bytes[index])
    }
  }

  @Test(arguments: CopyPaste.Blend.allCases)
  func colourIsPastedAsGreyIs(blend: CopyPaste.Blend) throws {
    let placement = try placement(3)
    #expect(try paste(blend, placement, channels: 3) == paste(blend, placement).colour())
  }
}
