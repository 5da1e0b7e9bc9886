import Testing

@testable import Images

struct ImageComparisonTests {
  @Test func differencesAreAbsoluteAmplifiedAndClipped() throws {
    let one = Image(width: 4, height: 1, bytes: [10, 100, 200, 7])
    let other = Image(width: 4, height: 1, bytes: [13, 90, 0, 7])
    #expect(try one.difference(from: other, times: 4).bytes == [12, 40, 255, 0])
    #expect(try other.difference(from: one, times: 1).bytes == [3, 10, 200, 0])
  }

  @Test func differencesBringSizesAndChannelsTogether() throws {
    let grey = Image(width: 6, height: 4, filledWith: 50)
    let colour = Image(width: 3, height: 4, channels: 3, filledWith: 60)
    #expect(
      try grey.difference(from: colour, times: 2) == Image(width: 6, height: 4, channels: 3, filledWith: 20))
    #expect(try colour.difference(from: grey, times: 2).width == 3)
    let deep = Image(width: 1, height: 1, channels: 1, samples: .sixteen([65535]))
    #expect(try deep.difference(from: Image(width: 1, height: 1, bytes: [250]), times: 3).bytes == [15])
  }

  @Test(arguments: [
    (300, 200, 192, 128), (200, 300, 128, 192), (40, 20, 192, 96), (1000, 1, 192, 1), (192, 192, 192, 192),
  ])
  func thumbnailsFit(_ width: Int, _ height: Int, _ expectedWidth: Int, _ expectedHeight: Int) throws {
    let small = try pattern(width: width, height: height).thumbnail(side: 192)
    #expect((small.width, small.height) == (expectedWidth, expectedHeight))
  }

  @Test func smallImagesAreEnlargedPixelByPixel() throws {
    let image = Image(width: 2, height: 1, bytes: [3, 200])
    #expect(
      try image.thumbnail(side: 8).bytes == Array(repeating: [3, 3, 3, 3, 200, 200, 200, 200], count: 4).flatMap { $0 })
  }
}
