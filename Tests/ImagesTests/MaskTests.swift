import Foundation
import Randomness
import Testing

@testable import Images

struct MaskTests {
  @Test func thresholdDropsNoise() {
    let noisy = Image(width: 4, height: 1, bytes: [0, 1, 127, 128])
    #expect(Mask(thresholding: noisy).bits == [0, 0, 0, 1])
    #expect(Mask(thresholding: noisy, above: 0).bits == [0, 1, 1, 1])
    // Pure blue is dark in grey, yet a mark.
    let blue = Image(width: 2, height: 1, channels: 3, bytes: [0, 0, 255, 9, 9, 9])
    #expect(Mask(thresholding: blue).bits == [1, 0])
  }

  @Test func knowsBoxAndArea() {
    var bits = [UInt8](repeating: 0, count: 30)
    for index in [8, 9, 15, 22] { bits[index] = 1 }
    let mask = Mask(width: 6, height: 5, bits: bits)
    #expect(mask.area == 4)
    #expect(mask.boundingBox == PixelBox(x: 2, y: 1, width: 3, height: 3))
    #expect(Mask(width: 6, height: 5).boundingBox == nil)
    let cut = mask.cropped(to: PixelBox(x: 2, y: 1, width: 2, height: 2))
    #expect(cut.bits == [1, 1, 0, 1])
  }

  @Test func diagonalNeighboursAreOneDefect() throws {
    let mask = Mask(
      width: 5, height: 4,
      bits: [
        0, 0, 0, 0, 1,
        1, 0, 0, 0, 0,
        0, 1, 0, 0, 0,
        0, 0, 0, 1, 1,
      ])
    let parts = try MaskComponents(of: mask).components
    #expect(parts.map(\.area) == [1, 2, 2])
    #expect(
      parts.map(\.box) == [
        PixelBox(x: 4, y: 0, width: 1, height: 1), PixelBox(x: 0, y: 1, width: 2, height: 2),
        PixelBox(x: 3, y: 3, width: 2, height: 1),
      ])
    #expect(parts[1].pixels == [5, 11])
    #expect(try MaskComponents(of: Mask(width: 3, height: 3)).components.isEmpty)
  }

  @Test func outlinesSurround() {
    let mask = Mask(width: 3, height: 3, bits: [0, 0, 0, 0, 1, 0, 0, 0, 0])
    let image = Image(width: 3, height: 3, filledWith: 7).outlining(mask, red: 200, green: 0, blue: 0)
    #expect((0..<9).map { image[$0 % 3, $0 / 3, 0] } == [7, 200, 7, 200, 7, 200, 7, 200, 7])
  }
}

struct RunLengthCodeTests {
  /// Codes of pycocotools 2.0 for the same masks.
  @Test func agreesWithCOCO() throws {
    let hand = Mask(width: 4, height: 5, bits: [0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1])
    #expect(RunLengthCode(hand).counts == [6, 3, 1, 1, 8, 1])
    #expect(RunLengthCode(hand).compressed == "631N70")
    #expect(RunLengthCode(Mask(width: 3, height: 3, bits: Array(repeating: 1, count: 9))).compressed == "09")
    #expect(RunLengthCode(Mask(width: 3, height: 3)).compressed == "9")
    var bits = [UInt8](repeating: 0, count: 120 * 200)
    for y in 10..<60 { for x in 20..<150 { bits[y * 200 + x] = 1 } }
    for y in 30..<40 { for x in 50..<60 { bits[y * 200 + x] = 0 } }
    for y in 100..<120 { bits[y * 200 + 199] = 1 }
    let code = RunLengthCode(Mask(width: 200, height: 120, bits: bits))
    func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
    let expected = "Z[2b1V2" + repeated("0", 58) + "ROTN0l1" + repeated("0TN0l1", 9) + "n" + repeated("0", 179)
    #expect(code.compressed == expected + "bj5RO")
  }

  @Test(arguments: 0..<20)
  func returnsEveryMask(_ seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    let (width, height) = (1 + random.int(below: 70), 1 + random.int(below: 70))
    let share = random.uniform()
    let mask = Mask(
      width: width, height: height, bits: (0..<width * height).map { _ in random.bool(probability: share) ? 1 : 0 })
    let code = RunLengthCode(mask)
    #expect(code.mask == mask)
    #expect(code.area == mask.area)
    #expect(try RunLengthCode(width: width, height: height, compressed: code.compressed) == code)
    let json = try JSONEncoder().encode(code)
    #expect(try JSONDecoder().decode(RunLengthCode.self, from: json) == code)
  }

  @Test func readsListsToo() throws {
    let json = Data(#"{"size": [5, 4], "counts": [6, 3, 1, 1, 8, 1]}"#.utf8)
    let code = try JSONDecoder().decode(RunLengthCode.self, from: json)
    #expect(code.mask.area == 5)
    #expect(code.compressed == "631N70")
  }

  @Test(arguments: [
    #"{"size": [5, 4], "counts": [6, 3, 1, 1, 8]}"#, #"{"size": [5, 4], "counts": [6, 30]}"#,
    #"{"size": [5, 4], "counts": [-1, 21]}"#, #"{"size": [5], "counts": [5]}"#,
    #"{"size": [0, 4], "counts": []}"#, #"{"size": [3037000500, 3037000500], "counts": [9]}"#,
    #"{"size": [9223372036854775807, 2], "counts": [9223372036854775807, 9223372036854775807]}"#,
    #"{"size": [5, 4], "counts": [9223372036854775807, 9223372036854775807]}"#,
    #"{"size": [5, 4], "counts": "631N7"}"#, #"{"size": [5, 4], "counts": "631N7 "}"#,
    #"{"size": [5, 4], "counts": "o"}"#, #"{"size": [5, 4], "counts": "oooooooooooooo0"}"#,
    #"{"size": [5, 4], "counts": "ü"}"#, #"{"size": [5, 4], "counts": ""}"#, #"{"size": [5, 4]}"#,
    #"{"size": [5, 4], "counts": "O"}"#,
  ])
  func refusesCodesThatCannotBe(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunLengthCode.self, from: Data(json.utf8)) }
  }
}
