import Datasets
import Files
import Foundation
import Images
import Randomness
import TestFolders
import Testing
import Torch

struct ImageTransformTests {
  private let images: TemporaryFolder

  init() throws { images = try TemporaryFolder() }

  @Test func nothingIsStretched() throws {
    // A circle on a long strip stays a circle: as wide as it is high.
    let strip = try images.add("strip.png", width: 160, height: 64) { x, y in
      (x - 80) * (x - 80) + (y - 32) * (y - 32) < 400 ? 255 : 0
    }
    let shown = try ImageTransform(size: 32, loadSize: 36, channels: 1).central(strip)
    #expect(shown.width == 32 && shown.height == 32)
    let mask = Mask(thresholding: shown)
    let box = try #require(mask.boundingBox)
    #expect(abs(box.width - box.height) <= 1)
    #expect(abs(box.width - 20) <= 1)
  }

  @Test func stretchedNothingIsLeftOut() throws {
    // A mark at either end of a long strip, which a crop of the middle would not see.
    let strip = try images.add("ends.png", width: 160, height: 40) { x, _ in x < 20 || x >= 140 ? 255 : 0 }
    let crop = ImageTransform(size: 32, loadSize: 32, channels: 1)
    let stretch = ImageTransform(size: 32, loadSize: 32, channels: 1, fit: .stretch)
    #expect(try crop.central(strip).bytes.allSatisfy { $0 == 0 })
    let shown = try stretch.central(strip)
    #expect(shown.width == 32 && shown.height == 32 && shown.bytes[0] == 255 && shown.bytes[31] == 255)
    #expect(shown.bytes[16] == 0 && shown.bytes.count { $0 == 255 } == 32 * 8)
    #expect(try stretch.central(Image(contentsOf: strip)) == shown)
    // Training sees a crop of a stretched image of the load size.
    var random = SeededGenerator(seed: 1)
    let drawn = try ImageTransform(size: 32, loadSize: 36, channels: 1, flips: false, fit: .stretch).random(
      strip, &random)
    #expect(drawn.width == 32 && drawn.height == 32 && drawn.bytes.contains(255))
    // What earlier versions wrote has no such key, and means a crop.
    let old = try JSONDecoder().decode(
      ImageTransform.self, from: Data(#"{"size": 32, "loadSize": 32, "channels": 1, "flips": true}"#.utf8))
    #expect(old == crop)
    #expect(try !String(decoding: JSONEncoder().encode(crop), as: UTF8.self).contains("fit"))
  }

  @Test func theReferencesRatioOfLoadingToCropping() {
    #expect(ImageTransform.referenceLoadSize(for: 256) == 286)
    #expect(ImageTransform.referenceLoadSize(for: 64) == 72)
    #expect(ImageTransform.referenceLoadSize(for: 128) == 143)
  }

  @Test func nativeScaleTakesPixelsAsTheyAre() throws {
    let url = try images.add("ramp.png", width: 24, height: 20) { x, y in x * 10 + y % 2 }
    let transform = ImageTransform(size: 8, loadSize: nil, channels: 1, flips: false)
    #expect(try transform.central(url).bytes.prefix(8) == [80, 90, 100, 110, 120, 130, 140, 150])
    var starts = Set<UInt8>()
    for seed in 0..<300 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let crop = try transform.random(url, &generator)
      #expect(crop.bytes[1] - crop.bytes[0] == 10)  // never flipped
      starts.insert(crop.bytes[0] / 10)
    }
    #expect(starts == Set(0...16))  // every place, both edges included
  }

  @Test func anImageTooSmallToCropIsNamed() throws {
    let url = try images.add("small.png", width: 6, height: 20) { _, _ in 0 }
    let error = #expect(throws: InputError.self) {
      try ImageTransform(size: 8, loadSize: nil, channels: 1).central(url)
    }
    #expect(error?.place == url.path)
    #expect(try ImageTransform(size: 8, loadSize: 9, channels: 1).central(url).width == 8)
  }

  @Test func greyAndColourAsAsked() throws {
    let url = try images.add("grey.png", width: 8, height: 8) { x, _ in x }
    #expect(try PixelBatch([ImageTransform(size: 8, loadSize: nil, channels: 3).central(url)]).shape == [1, 3, 8, 8])
    #expect(try PixelBatch([ImageTransform(size: 8, loadSize: nil, channels: 1).central(url)]).shape == [1, 1, 8, 8])
  }

  @Test func eightBitsSurviveTheRoundTripThroughTensors() throws {
    let all = Image(width: 16, height: 16, bytes: (0...255).map { UInt8($0) })
    let tensor = try PixelBatch([all]).tensor()
    #expect(try tensor.min().item() == -1)
    #expect(try tensor.max().item() == 1)
    #expect(try PixelBatch.images(of: tensor) == [all])
    // Rounded, not truncated; clamped, not wrapped.
    let values = try Tensor([-1.5, 1.5, 0.9 / 127.5 - 1, 0.4 / 127.5 - 1] as [Float], shape: [1, 1, 2, 2])
    #expect(try PixelBatch.images(of: values)[0].bytes == [0, 255, 1, 0])
    let colour = Image(width: 2, height: 1, channels: 3, bytes: [1, 2, 3, 4, 5, 6])
    #expect(try PixelBatch.images(of: PixelBatch([colour, colour]).tensor()) == [colour, colour])
    #expect(PixelBatch([colour]).values[0] == 1 / 127.5 - 1)
    #expect(PixelBatch([colour]).values[1] == 4 / 127.5 - 1)
  }
}
