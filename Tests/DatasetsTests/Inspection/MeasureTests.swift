import Foundation
import Images
import Randomness
import Testing

@testable import Datasets

/// The measures against the slow and plain way.
struct MeasureTests {
  private func close(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-9 }

  @Test(arguments: [(33, 20), (16, 16), (41, 57)])
  func statisticsAreThoseOfTheDefinition(width: Int, height: Int) {
    let image = noise(4, mean: 90, spread: 60, width: width, height: height)
    let statistics = PixelStatistics(of: image, leavingOut: nil)
    let values = image.bytes.map { Double($0) / 255 }
    let mean = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
    #expect(close(statistics.mean, mean) && close(statistics.deviation, deviation))
    let black = image.bytes.count { $0 <= 5 }, white = image.bytes.count { $0 >= 250 }
    #expect(close(statistics.blackShare, Double(black) / Double(values.count)))
    #expect(close(statistics.whiteShare, Double(white) / Double(values.count)))
    func average(_ isMeant: (Int, Int) -> Bool) -> Double {
      var sum = 0.0, count = 0.0
      for y in 0..<height {
        for x in 0..<width where isMeant(x, y) {
          sum += Double(image[x, y]) / 255
          count += 1
        }
      }
      return sum / count
    }
    let sides = (
      right: average { x, _ in x >= width - width / 2 }, left: average { x, _ in x < width / 2 },
      lower: average { _, y in y >= height - height / 2 }, upper: average { _, y in y < height / 2 }
    )
    #expect(close(statistics.leftToRight, sides.right - sides.left))
    #expect(close(statistics.topToBottom, sides.lower - sides.upper))
    let depth = max(1, min(width, height) / 20)
    func isBorder(_ x: Int, _ y: Int) -> Bool {
      x < depth || y < depth || x >= width - depth || y >= height - depth
    }
    let border = average(isBorder), inside = average { x, y in !isBorder(x, y) }
    #expect(close(statistics.borderDifference, border - inside))
    var across = 0.0, down = 0.0
    for y in 0..<height { for x in 1..<width { across += Double(abs(image[x, y] - image[x - 1, y])) } }
    for y in 1..<height { for x in 0..<width { down += Double(abs(image[x, y] - image[x, y - 1])) } }
    let sharpness = (across / Double((width - 1) * height) + down / Double(width * (height - 1))) / 2 / 255
    #expect(close(statistics.sharpness, sharpness))
    #expect(abs(statistics.blockiness - 1) < 0.2)
  }

  @Test func defectsAreLeftOutOfTheLight() {
    var bytes = [UInt8](repeating: 100, count: 400)
    var bits = [UInt8](repeating: 0, count: 400)
    for index in 0..<100 { (bytes[index], bits[index]) = (255, 1) }
    let image = Image(width: 20, height: 20, bytes: bytes)
    let without = PixelStatistics(of: image, leavingOut: Mask(width: 20, height: 20, bits: bits))
    #expect(abs(without.mean - 100.0 / 255) < 1e-12 && without.deviation == 0 && without.whiteShare == 0)
    #expect(PixelStatistics(of: image, leavingOut: nil).whiteShare == 0.25)
    // Where hardly anything would remain, all of it counts.
    let all = PixelStatistics(
      of: image, leavingOut: Mask(width: 20, height: 20, bits: [UInt8](repeating: 1, count: 400)))
    #expect(all.whiteShare == 0.25)
  }

  @Test func marginsAndSmallImages() {
    var bytes = [UInt8](repeating: 100, count: 20 * 10)
    for y in 0..<10 { for x in [0, 1, 2, 19] { bytes[y * 20 + x] = 4 } }
    #expect(
      abs(PixelStatistics(of: Image(width: 20, height: 10, bytes: bytes), leavingOut: nil).darkMargin - 0.2) < 1e-12)
    let dark = PixelStatistics(of: Image(width: 9, height: 9, filledWith: 0), leavingOut: nil)
    #expect(dark.darkMargin == 1 && dark.blockiness == 1)
    for (width, height) in [(1, 1), (1, 40), (40, 1), (2, 2)] {
      let one = PixelStatistics(of: Image(width: width, height: height, filledWith: 200), leavingOut: nil)
      #expect(one.mean > 0.7 && one.sharpness == 0 && one.borderDifference == 0)
    }
  }

  @Test func colourIsSeen() {
    let image = Image(width: 2, height: 1, channels: 3, bytes: [255, 0, 0, 10, 20, 30])
    let colours = ColourStatistics(of: image)
    #expect(colours.hasColour && close(colours.saturation, 275.0 / 510))
    #expect(close(colours.redness, 245.0 / 510) && close(colours.blueness, 10.0 / 510))
    #expect(!ColourStatistics(of: noise(1).colour()).hasColour && !ColourStatistics(of: noise(1)).hasColour)
  }

  @Test(arguments: [10, 35, 50, 75, 90, 100])
  func qualityIsReadFromTheTables(quality: Int) throws {
    let file = try noise(2, spread: 40).encoded(as: .jpeg, quality: quality)
    let found = try #require(JPEGQuality.estimate(of: file))
    #expect(abs(found - quality) <= 1)
    for length in stride(from: 0, to: file.count, by: 7) { _ = JPEGQuality.estimate(of: file.prefix(length)) }
    #expect(JPEGQuality.estimate(of: try noise(2).encoded(as: .png)) == nil)
  }

  @Test func strongCompressionShowsBlocks() throws {
    let plain = noise(3, spread: 30, width: 96, height: 96)
    let rough = try Image(decoding: plain.encoded(as: .jpeg, quality: 5), at: "rough")
    #expect(PixelStatistics(of: plain, leavingOut: nil).blockiness < 1.1)
    #expect(PixelStatistics(of: rough, leavingOut: nil).blockiness > 1.3)
  }
}
