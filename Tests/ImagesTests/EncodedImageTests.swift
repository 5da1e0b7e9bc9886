import Files
import Foundation
import Randomness
import Testing

@testable import Images

/// Every way of decoding gives the very bytes of OpenCV's.
struct EncodedImageTests {
  @Test(arguments: JPEGSample.allCases)
  func wholeJPEGsAreTheSame(_ sample: JPEGSample) throws {
    let file = try EncodedImage(sample.data, at: "x")
    let plain = try file.decodedByOpenCV()
    #expect(plain.width == (sample == .turned ? 37 : 45))
    #expect(try file.decoded() == plain)
    #expect(try file.decoded(channels: 1) == plain.grey())
    #expect(try file.decoded(channels: 3) == plain.colour())
  }

  @Test(arguments: JPEGSample.allCases.filter { $0 != .turned })
  func partsOfJPEGsAreTheSame(_ sample: JPEGSample) throws {
    try checkParts(EncodedImage(sample.data, at: "x"), count: 150, seed: 1)
  }

  @Test(arguments: [1, 3])
  func partsOfRandomJPEGsAreTheSame(channels: Int) throws {
    var generator = SeededGenerator(seed: UInt64(channels))
    for round in 0..<60 {
      let (width, height) = (1 + generator.int(below: 90), 1 + generator.int(below: 90))
      let image = Image(
        width: width, height: height, channels: channels,
        bytes: (0..<width * height * channels).map { UInt8(($0 / 40) % 2 * 150 + generator.int(below: 90)) })
      let file = try EncodedImage(image.encoded(as: .jpeg, quality: 5 + generator.int(below: 96)), at: "\(round)")
      #expect(try file.decoded() == file.decodedByOpenCV())
      try checkParts(file, count: 8, seed: UInt64(round))
    }
  }

  /// Only where the whole must be looked at: other formats, ink colours, pictures that lie on their side.
  @Test func whatCannotBeDecodedByPartsIsLeftToOpenCV() throws {
    for data in [JPEGSample.turned.data, Sample.turnedJPEG.data, Sample.cmykJPEG.data, Sample.bmp.data] {
      let file = try EncodedImage(data, at: "x")
      var planes = [Float](repeating: 7, count: 3)
      let box = PixelBox(x: 1, y: 1, width: 1, height: 1)
      let isDone = planes.withUnsafeMutableBufferPointer {
        file.writePlanes(of: box, channels: 3, mirrored: false, into: $0)
      }
      #expect(!isDone)
      #expect(try file.decoded() == file.decodedByOpenCV())
    }
  }

  /// Each byte changed in turn: the same pixels, the same error, or by parts none.
  @Test(arguments: [JPEGSample.quarterColour, .restarts, .progressive, .upright, .turned])
  func damageMakesNoDifference(_ sample: JPEGSample) throws {
    let whole = sample.data
    for index in whole.indices {
      var damaged = whole
      damaged[index] ^= UInt8(1 << (index % 8))
      guard let file = try? EncodedImage(damaged, at: "x", pixelLimit: 100_000) else { continue }
      let plain = Result { try file.decodedByOpenCV() }
      let fast = Result { try file.decoded() }
      switch (plain, fast) {
      case (.success(let plain), .success(let fast)): #expect(plain == fast, "byte \(index)")
      case (.failure(let plain), .failure(let fast)): #expect("\(plain)" == "\(fast)", "byte \(index)")
      default: Issue.record("byte \(index): \(plain) or \(fast)")
      }
      let (width, height) = (file.header.width, file.header.height)
      let box = PixelBox(x: width / 4, y: height / 4, width: width / 2 + 1, height: height / 2 + 1)
      guard box.lies(withinWidth: width, height: height), let part = planes(of: file, box, 3, mirrored: true) else {
        continue
      }
      let image = try plain.get()
      #expect((image.width, image.height) == (width, height), "byte \(index)")
      guard box.lies(withinWidth: image.width, height: image.height) else { continue }
      #expect(part == expected(image.colour(), box, mirrored: true), "byte \(index)")
    }
  }

  @Test func planesOfImagesAreCroppedAndMirrored() throws {
    let image = pattern(width: 21, height: 13, channels: 3)
    let box = PixelBox(x: 2, y: 3, width: 17, height: 9)
    for mirrored in [false, true] {
      var planes = [Float](repeating: 7, count: 17 * 9 * 3)
      planes.withUnsafeMutableBufferPointer { image.writePlanes(of: box, mirrored: mirrored, into: $0) }
      #expect(planes == expected(image, box, mirrored: mirrored))
      let cropped = image.cropped(to: box)
      #expect(try planes[17] == Float((mirrored ? cropped.flippedHorizontally() : cropped)[0, 1]) / 127.5 - 1)
    }
  }

  private func checkParts(_ file: EncodedImage, count: Int, seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let plain = try file.decodedByOpenCV()
    for _ in 0..<count {
      let (width, height) = (1 + generator.int(below: plain.width), 1 + generator.int(below: plain.height))
      let box = PixelBox(
        x: generator.int(below: plain.width - width + 1), y: generator.int(below: plain.height - height + 1),
        width: width, height: height)
      let channels = generator.bool() ? 1 : 3
      let mirrored = generator.bool()
      let part = try #require(planes(of: file, box, channels, mirrored: mirrored), "\(file.place)")
      let whole = try channels == 1 ? plain.grey() : plain.colour()
      #expect(part == expected(whole, box, mirrored: mirrored), "\(file.place) \(box) \(channels) \(mirrored)")
    }
  }

  private func planes(of file: EncodedImage, _ box: PixelBox, _ channels: Int, mirrored: Bool) -> [Float]? {
    var planes = [Float](repeating: 7, count: box.width * box.height * channels)
    let isDone = planes.withUnsafeMutableBufferPointer {
      file.writePlanes(of: box, channels: channels, mirrored: mirrored, into: $0)
    }
    return isDone ? planes : nil
  }

  /// By the definition.
  private func expected(_ image: Image, _ box: PixelBox, mirrored: Bool) -> [Float] {
    (0..<image.channels).flatMap { channel in
      (0..<box.height).flatMap { y in
        (0..<box.width).map { x in
          Float(image[box.x + (mirrored ? box.width - 1 - x : x), box.y + y, channel]) / 127.5 - 1
        }
      }
    }
  }
}
