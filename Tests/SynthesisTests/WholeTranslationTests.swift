import Datasets
import Files
import Foundation
import Images
import Models
import Randomness
import TestFolders
import Testing
import Torch
import Training

@testable import Synthesis

/// Images of any size, at once and in strips.
struct WholeTranslationTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.steel(size: 64)
  }

  private func picture(_ width: Int, _ height: Int, channels: Int = 1) -> Image {
    var random = SeededGenerator(seed: UInt64(width * height), purpose: "picture")
    let bytes = (0..<width * height * channels).map { index -> UInt8 in
      let (x, y) = (index / channels % width, index / channels / width)
      return UInt8(min(max(90 + 80 * Double(y) / Double(height) - Double(x % 23) + 12 * random.normal(), 0), 255))
    }
    return Image(width: width, height: height, channels: channels, bytes: bytes)
  }

  private func mostApart(_ one: Image, _ other: Image) -> Int {
    zip(one.bytes, other.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: [(64, 64), (200, 32), (37, 91), (101, 66), (5, 3), (2, 1), (9, 130)])
  func stripsGiveTheWholeImage(width: Int, height: Int) throws {
    for (translator, directions) in [
      (try Translator(run: folder.cycleGAN(on: dataset)), TranslationDirection.allCases),
      (try Translator(run: folder.cut(on: dataset)), [.cleanToDefect]),
    ] {
      for direction in directions {
        let clean = picture(width, height)
        let whole = try WholeTranslation(translator, direction, tiling: .whole).image(of: clean)
        #expect((whole.width, whole.height, whole.channels) == (width, height, 1))
        for rows in [4, 16, 28] {
          let strips = try WholeTranslation(translator, direction, tiling: .strips(rows)).image(of: clean)
          #expect((strips.width, strips.height) == (width, height))
          #expect(mostApart(strips, whole) <= 1, "\(translator.kind) \(direction) by \(rows)")
        }
      }
    }
  }

  /// A flat image has no variance to divide by, and what comes out is rounding; but something of the size comes out.
  @Test func aSinglePixelIsAnImage() throws {
    let translator = try Translator(run: folder.cycleGAN(on: dataset))
    for tiling in [Tiling.whole, .strips(4), .automatic] {
      let made = try WholeTranslation(translator, tiling: tiling).image(of: Image(width: 1, height: 1, filledWith: 9))
      #expect((made.width, made.height) == (1, 1))
    }
  }

  @Test func coloursAndDepthsAreThoseOfTheTranslator() throws {
    let colour = try Translator(run: folder.cycleGAN(on: dataset, channels: 3))
    let whole = try WholeTranslation(colour, tiling: .whole).image(of: picture(50, 70, channels: 3))
    let strips = try WholeTranslation(colour, tiling: .strips(12)).image(of: picture(50, 70, channels: 3))
    #expect(whole.channels == 3 && mostApart(whole, strips) <= 1)
    let grey = picture(40, 24)
    #expect(try WholeTranslation(colour).image(of: grey) == WholeTranslation(colour).image(of: grey.colour()))
    let deep = Image(width: 40, height: 24, channels: 1, samples: .sixteen(grey.bytes.map { UInt16($0) * 257 }))
    #expect(try WholeTranslation(colour).image(of: deep) == WholeTranslation(colour).image(of: grey))
  }

  /// Sides that 4 divides are not touched, so that the image is what the windows' translation would be.
  @Test func aWindowIsAWholeImageToo() throws {
    let translator = try Translator(run: folder.cycleGAN(on: dataset))
    let clean = picture(32, 32)
    #expect(try WholeTranslation(translator, tiling: .whole).image(of: clean) == translator.translate([clean])[0])
    let back = try WholeTranslation(translator, .defectToClean, tiling: .whole).image(of: clean)
    #expect(mostApart(back, try translator.translate([clean])[0]) > 1)
  }

  @Test func imagesGoOnByMirroring() {
    let image = Image(width: 3, height: 2, bytes: [1, 2, 3, 4, 5, 6])
    let continued = image.continued(toMultipleOf: 4, atLeast: 4)
    #expect(continued == Image(width: 4, height: 4, bytes: [1, 2, 3, 2, 4, 5, 6, 5, 1, 2, 3, 2, 4, 5, 6, 5]))
    let one = Image(width: 1, height: 1, channels: 3, bytes: [7, 8, 9])
    #expect(one.continued(toMultipleOf: 4, atLeast: 8).bytes == Array(repeating: [7, 8, 9], count: 64).flatMap { $0 })
    #expect(picture(8, 12).continued(toMultipleOf: 4, atLeast: 8) == picture(8, 12))
  }

  @Test func memoryChoosesTheStrips() {
    let need = TranslationMemory(filters: 64, antialiasing: false, height: 4096, width: 4096)
    #expect(Tiling.automatic.rows(need, available: 2 * need.whole) == nil)
    #expect(Tiling.automatic.rows(need, available: nil) == nil)
    let rows = Tiling.automatic.rows(need, available: 2 * (need.kept + 100 * need.row) + 2)
    #expect(rows == 100)
    #expect(Tiling.automatic.rows(need, available: 0) == Tiling.leastRows)
    #expect(Tiling.automatic.rows(need, available: 2 * need.whole - 2) == Tiling.mostRows)
    #expect(Tiling.whole.rows(need, available: 0) == nil && Tiling.strips(4096).rows(need, available: 0) == nil)
    #expect(Tiling.strips(64).rows(need, available: 1 << 50) == 64)
    let small = TranslationMemory(filters: 64, antialiasing: false, height: 8, width: 8)
    #expect(Tiling.automatic.rows(small, available: 0) == nil)
    #expect((TranslationMemory.available ?? 1) > 0)
  }

  @Test func whatCannotTranslateIsRefused() throws {
    let cut = try Translator(run: folder.cut(on: dataset))
    let error = #expect(throws: InputError.self) { try WholeTranslation(cut, .defectToClean) }
    #expect(error?.description.contains("clean-to-defect") ?? false)
  }

  @Test func wholeImagesOfADataSetKeepTheirSize() throws {
    let translator = try Translator(run: folder.cycleGAN(on: dataset))
    let clean = try dataset.cleanTrainingImages().count
    let synthesizer = try Synthesizer(translator, dataset: dataset, seed: 3, whole: .automatic)
    let made = try synthesizer.synthesize(count: clean + 2, to: folder["made"])
    #expect(made.images.allSatisfy { $0.width == 64 && $0.height == 64 })
    #expect(Set(made.images.prefix(clean).map { $0.provenance.synthetic?.source }).count == clean)
    let again = try #require(made.images.last)
    let first = try #require(made.images.dropFirst().first)
    #expect(again.provenance.synthetic?.source == first.provenance.synthetic?.source)
    #expect(again.provenance.sha256 != first.provenance.sha256)
    #expect(throws: InputError.self) { try synthesizer.synthesize(count: 2 * clean + 1, to: folder["more"]) }
    let plain = try Translator(run: folder.cycleGAN("plain", on: dataset, flips: false))
    #expect(throws: InputError.self) {
      try Synthesizer(plain, dataset: dataset, seed: 3, whole: .whole).synthesize(count: clean + 1, to: folder["more"])
    }
  }
}
