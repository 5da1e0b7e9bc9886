import Foundation
import Testing

@testable import Images

struct ImageTests {
  @Test(arguments: [ImageFormat.png, .bmp, .tiff], [1, 3])
  func losslessFormatsReturnTheSamePixels(_ format: ImageFormat, _ channels: Int) throws {
    let image = pattern(width: 13, height: 7, channels: channels)
    let back = try Image(decoding: image.encoded(as: format), at: "x")
    // BMP stores grey through a palette, which is read as colour where it must.
    #expect(back == image || back == image.colour())
    #expect(ImageFormat(magicBytesOf: try image.encoded(as: format)) == format)
  }

  @Test(arguments: [ImageFormat.png, .tiff])
  func sixteenBitsAreKept(_ format: ImageFormat) throws {
    let image = Image(width: 3, height: 2, channels: 1, samples: .sixteen([0, 1, 257, 4660, 65534, 65535]))
    #expect(try Image(decoding: image.encoded(as: format), at: "x") == image)
    let flat = try Image(decoding: image.encoded(as: .jpeg), at: "x")
    #expect(flat.bits == 8)
  }

  @Test func jpegStaysClose() throws {
    let ramp = (0..<32 * 32 * 3).map { (index: Int) -> UInt8 in UInt8(index / 3 % 32 * 4 + index % 3 * 40) }
    let smooth = Image(width: 32, height: 32, channels: 3, bytes: ramp)
    let back = try Image(decoding: smooth.encoded(as: .jpeg, quality: 95), at: "x")
    let errors = zip(smooth.bytes, back.bytes).map { (old: UInt8, new: UInt8) -> Int in abs(Int(old) - Int(new)) }
    #expect((errors.max() ?? 255) <= 24)
    #expect(errors.reduce(0, +) < errors.count * 4)
  }

  @Test func windowsSixteenBits() {
    let image = Image(width: 5, height: 1, channels: 1, samples: .sixteen([0, 1000, 1500, 2000, 65535]))
    #expect(image.eightBit(window: 1000...2000).bytes == [0, 0, 128, 255, 255])
    #expect(image.eightBit().bytes == [0, 4, 6, 8, 255])
    let eight = pattern(width: 2, height: 2)
    #expect(eight.eightBit(window: 0...10) == eight)
  }

  @Test func greyWeighsColours() throws {
    let image = Image(width: 3, height: 1, channels: 3, bytes: [255, 0, 0, 0, 255, 0, 0, 0, 255])
    #expect(try image.grey().bytes == [76, 150, 29])
    #expect(try image.grey().colour().bytes == [76, 76, 76, 150, 150, 150, 29, 29, 29])
  }

  @Test func turnsAndFlips() throws {
    let image = Image(width: 3, height: 2, bytes: [1, 2, 3, 4, 5, 6])
    #expect(try image.flippedHorizontally().bytes == [3, 2, 1, 6, 5, 4])
    #expect(try image.flippedVertically().bytes == [4, 5, 6, 1, 2, 3])
    #expect(try image.turned(by: .quarter) == Image(width: 2, height: 3, bytes: [4, 1, 5, 2, 6, 3]))
    #expect(try image.turned(by: .half).bytes == [6, 5, 4, 3, 2, 1])
    #expect(try image.turned(by: .threeQuarters) == Image(width: 2, height: 3, bytes: [3, 6, 2, 5, 1, 4]))
    let all = try image.orientations()
    #expect(Set(all.map { "\($0.width)\($0.bytes)" }).count == 8)
    #expect(all[0] == image)
  }

  @Test(arguments: [1, 3])
  func cropsWithoutChange(_ channels: Int) {
    let image = pattern(width: 9, height: 6, channels: channels)
    let box = PixelBox(x: 2, y: 1, width: 4, height: 3)
    let cut = image.cropped(to: box)
    for y in 0..<3 {
      for x in 0..<4 {
        for channel in 0..<channels { #expect(cut[x, y, channel] == image[x + 2, y + 1, channel]) }
      }
    }
  }

  @Test func shrinkingTakesTheMean() throws {
    let image = Image(width: 4, height: 2, bytes: [0, 100, 10, 20, 100, 200, 30, 40])
    #expect(try image.resized(width: 2, height: 1).bytes == [100, 25])
    // By a factor of four, bilinear would look at two pixels only.
    #expect(try Image(width: 4, height: 1, bytes: [0, 100, 10, 30]).resized(width: 1, height: 1).bytes == [35])
    // Half-pixel centres: the values between 0 and 100 at ¼, ¾ and their neighbours, edges repeated.
    let wide = try Image(width: 2, height: 1, bytes: [0, 100]).resized(width: 4, height: 1, by: .bilinear)
    #expect(wide.bytes == [0, 25, 75, 100])
    let nearest = try Image(width: 2, height: 1, bytes: [0, 100]).resized(width: 4, height: 1, by: .nearest)
    #expect(nearest.bytes == [0, 0, 100, 100])
  }

  @Test(arguments: [(200, 100, 50, 100, 50), (100, 200, 50, 50, 100), (103, 222, 96, 96, 207), (7, 7, 3, 3, 3)])
  func shortSideKeepsProportions(_ width: Int, _ height: Int, _ side: Int, _ newWidth: Int, _ newHeight: Int) throws {
    let image = try pattern(width: width, height: height).resized(shortSide: side)
    #expect((image.width, image.height) == (newWidth, newHeight))
  }

  @Test func boxesRefuseWhatOverflows() {
    #expect(PixelBox(x: 1, y: 1, width: 2, height: 2).lies(withinWidth: 3, height: 3))
    #expect(!PixelBox(x: 2, y: 1, width: 2, height: 2).lies(withinWidth: 3, height: 3))
    #expect(!PixelBox(x: .max, y: 0, width: .max, height: 1).lies(withinWidth: 3, height: 3))
    #expect(!PixelBox(x: .min, y: 0, width: 1, height: 1).lies(withinWidth: 3, height: 3))
    #expect(!PixelBox(x: 0, y: 0, width: 0, height: 1).lies(withinWidth: 3, height: 3))
  }

  @Test func aSheetShowsItsImages() throws {
    let red = Image(width: 10, height: 20, channels: 3, bytes: (0..<600).map { $0 % 3 == 0 ? 255 : 0 })
    let cells = [
      ContactSheet.Cell(red, caption: "a caption much longer than its cell is wide, ü"),
      .init(Image(width: 4, height: 4, filledWith: 0)), .init(red, caption: "last"),
    ]
    let sheet = try ContactSheet(cells, columns: 2, cellSize: 40).rendered()
    #expect((sheet.width, sheet.height) == (2 * 44 + 4, 2 * 58 + 4))
    #expect((sheet[24, 24, 0], sheet[24, 24, 1]) == (255, 0))
    #expect(sheet[6, 24, 1] == 255)  // Beside the narrow image: fitted, not stretched.
    #expect(sheet[68, 24, 0] == 0)
    let captionRow = (4..<44).contains { x in (45..<58).contains { sheet[x, $0, 0] < 128 } }
    #expect(captionRow)
    let gapClean = (44..<48).allSatisfy { x in (45..<58).allSatisfy { sheet[x, $0, 0] == 255 } }
    #expect(gapClean)
  }
}
