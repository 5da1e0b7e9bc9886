import Files
import Foundation
import Testing

@testable import Images

struct DecodingTests {
  @Test(arguments: [Sample.palette, .alpha, .webp, .tiff, .bmp])
  func readsColours(_ sample: Sample) throws {
    let image = try Image(decoding: sample.data, at: "x")
    #expect(image == Image(width: 3, height: 2, channels: 3, bytes: Sample.colours))
  }

  @Test func keepsGreyAndSixteenBits() throws {
    let oneBit = try Image(decoding: Sample.oneBit.data, at: "x")
    #expect(oneBit == Image(width: 3, height: 2, bytes: [0, 255, 0, 255, 0, 255]))
    let sixteen = try Image(decoding: Sample.sixteen.data, at: "x")
    #expect(sixteen.samples == .sixteen([0, 1, 65535, 4660, 256, 255]))
    #expect(sixteen.bits == 16)
  }

  @Test func appliesOrientation() throws {
    // Stored 16 × 8 with a white left half; orientation 6 says that it is to be turned clockwise.
    let image = try Image(decoding: Sample.turnedJPEG.data, at: "x")
    #expect((image.width, image.height) == (8, 16))
    #expect(image[4, 2, 0] > 240 && image[4, 13, 0] < 10)
    #expect(try ImageHeader(of: Sample.turnedJPEG.data, at: "x").width == 16)
  }

  @Test func readsInkColoursAsRed() throws {
    let image = try Image(decoding: Sample.cmykJPEG.data, at: "x")
    #expect(image.channels == 3)
    #expect(image[3, 3, 0] > 200 && image[3, 3, 1] < 60 && image[3, 3, 2] < 60)
  }

  @Test func refusesFloatSamples() {
    #expect(throws: InputError.self) { try Image(decoding: Sample.floatTIFF.data, at: "x") }
  }

  /// Each length of a file but the whole must be an error: most decoders would fill up with grey.
  @Test(arguments: Sample.allCases.filter { $0 != .floatTIFF })
  func refusesWhateverIsCutOff(_ sample: Sample) throws {
    let whole = sample.data
    _ = try Image(decoding: whole, at: "x")
    for length in 0..<whole.count {
      #expect(throws: InputError.self, "\(sample) of \(length) bytes") {
        try Image(decoding: whole.prefix(length), at: "x")
      }
      // The header's walk finds it alone, before any decoder is asked.
      #expect(throws: InputError.self, "\(sample) of \(length) bytes") {
        try ImageHeader(of: whole.prefix(length), at: "x")
      }
    }
  }

  @Test(arguments: [ImageFormat.png, .jpeg, .bmp, .tiff])
  func refusesLargerFilesCutOff(_ format: ImageFormat) throws {
    let file = try pattern(width: 300, height: 200, channels: 3).encoded(as: format)
    #expect(try Image(decoding: file, at: "x").width == 300)
    for share in [0.1, 0.5, 0.9, 0.99] {
      #expect(throws: InputError.self) {
        try Image(decoding: file.prefix(Int(Double(file.count) * share)), at: "x")
      }
    }
  }

  @Test func saysWhatIsWrong() throws {
    func message(_ data: Data) -> String {
      do {
        _ = try Image(decoding: data, at: "a/b.png")
        return "read"
      } catch { return "\(error)" }
    }
    #expect(message(Data()).contains("a/b.png: expected a PNG, JPEG, BMP, TIFF or WebP image, found an empty file"))
    #expect(message(Data("hello, world".utf8)).contains("other first bytes"))
    #expect(message(Sample.bmp.data.prefix(60)).contains("cut off within its pixels"))
  }

  @Test func judgesByFirstBytesAlone() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("patina-\(UUID().uuidString).jpg")
    try Sample.bmp.data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(try Image(contentsOf: file).width == 3)
    #expect(throws: InputError.self) { try Image(contentsOf: file.deletingLastPathComponent()) }
    #expect(throws: InputError.self) { try Image(contentsOf: file.appendingPathExtension("none")) }
  }

  /// Headers that announce 60000 × 60000 pixels in files that are otherwise whole.
  @Test func refusesAbsurdSizesBeforeDecoding() throws {
    var png = Sample.palette.data
    png.replaceSubrange(16..<24, with: [0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60])
    var jpeg = Sample.turnedJPEG.data
    let frame = try #require(jpeg.firstRange(of: Data([0xff, 0xc0])))
    jpeg.replaceSubrange(frame.lowerBound + 5..<frame.lowerBound + 9, with: [0xea, 0x60, 0xea, 0x60])
    var tiff = Sample.tiff.data
    tiff[26 + 8] = 0x60
    tiff[26 + 9] = 0xea
    tiff[38 + 8] = 0x60
    tiff[38 + 9] = 0xea
    for data in [png, jpeg, tiff] {
      let before = residentKilobytes()
      #expect {
        try Image(decoding: data, at: "x")
      } throws: {
        ($0 as? InputError)?.found == "60000 × 60000 in the header"
      }
      #expect(residentKilobytes() - before < 50_000)
    }
    var bmp = Sample.bmp.data
    bmp.replaceSubrange(18..<26, with: [0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff, 0x7f])
    #expect(throws: InputError.self) { try Image(decoding: bmp, at: "x") }
    #expect(throws: InputError.self) { try Image(decoding: Sample.bmp.data, at: "x", pixelLimit: 5) }
    #expect(throws: Never.self) { try Image(decoding: Sample.bmp.data, at: "x", pixelLimit: 6) }
  }

  private func residentKilobytes() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
    return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
  }

  /// Bytes changed at will may be read or refused, but nothing else may happen.
  @Test(arguments: Sample.allCases)
  func survivesDamage(_ sample: Sample) throws {
    let whole = sample.data
    for index in whole.indices {
      for value in [UInt8(0), 0xff, whole[index] ^ 0x80] {
        var damaged = whole
        damaged[index] = value
        do {
          let image = try Image(decoding: damaged, at: "x", pixelLimit: 1_000_000)
          #expect(image.width * image.height <= 1_000_000)
        } catch {
          #expect(error is InputError, "\(error)")
        }
      }
    }
  }
}
