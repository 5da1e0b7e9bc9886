import Foundation
import Randomness
import Testing

@testable import Images

struct OutlineTests {
  private typealias Corner = RunLengthCode.Corner

  /// Pixels whose centres lie inside, asked one by one.
  private func slow(_ width: Int, _ height: Int, _ outline: [Corner]) -> Mask {
    var bits: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (px, py) = (Double(x) + 0.5, Double(y) + 0.5)
        var isInside = false
        for (index, one) in outline.enumerated() {
          let two = outline[(index + 1) % outline.count]
          guard (one.x < px) != (two.x < px) else { continue }
          if one.y + (px - one.x) / (two.x - one.x) * (two.y - one.y) < py { isInside.toggle() }
        }
        bits.append(isInside ? 1 : 0)
      }
    }
    return Mask(width: width, height: height, bits: bits)
  }

  @Test(arguments: 0..<40)
  func fillsWhatLiesInside(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed, purpose: "outlines")
    let outline = (0..<3 + Int(random.next() % 9)).map { _ in
      Corner(x: Double(random.next() % 3000) / 100 - 5, y: Double(random.next() % 2500) / 100 - 5)
    }
    let code = try RunLengthCode(width: 20, height: 15, outlines: [outline])
    #expect(code.mask == slow(20, 15, outline))
    #expect(code == RunLengthCode(code.mask), "in the one form that masks have")
  }

  @Test(arguments: 0..<60)
  func outlinesGiveBackTheirPixels(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed, purpose: "masks")
    let (width, height) = (1 + Int(random.next() % 16), 1 + Int(random.next() % 16))
    let share = random.next() % 8
    let mask = Mask(
      width: width, height: height, bits: (0..<width * height).map { _ in random.next() % 8 < share ? 1 : 0 })
    var sum = Mask(width: width, height: height)
    for component in try MaskComponents(of: mask).components {
      let part = try RunLengthCode(width: width, height: height, outlines: [component.outline(maskWidth: width)])
      #expect(part.runs.flatMap { $0.start..<$0.start + $0.count }.count == component.area)
      sum = sum.union(part.mask)
    }
    #expect(sum == mask)
  }

  @Test func outlinesAreShort() throws {
    let square = try #require(
      try MaskComponents(of: Mask(width: 9, height: 9, bits: Array(repeating: 1, count: 81))).components.first)
    #expect(square.outline(maskWidth: 9) == [(0, 0), (9, 0), (9, 9), (0, 9)].map { Corner(x: $0.0, y: $0.1) })
  }

  @Test func hugeAndSillyOutlinesAreRefused() {
    let far = Corner(x: 1e300, y: 0)
    for outline in [
      [Corner(x: 0, y: 0), far, Corner(x: 0, y: 5)], [Corner(x: .nan, y: 0), Corner(x: 1, y: 1), Corner(x: 2, y: 0)],
      [Corner(x: 0, y: 0), Corner(x: 3, y: 3)], [],
    ] {
      #expect(throws: RunLengthCode.Problem.self) {
        try RunLengthCode(width: 10, height: 10, outlines: [outline])
      }
    }
    let zigzag = (0..<30_000).map { Corner(x: $0 % 2 == 0 ? 0 : 9000, y: Double($0 % 7)) }
    #expect(throws: RunLengthCode.Problem.self) {
      try RunLengthCode(width: 9000, height: 10, outlines: [zigzag])
    }
  }

  @Test(arguments: 0..<30)
  func runsInAnyOrderAreUnited(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed, purpose: "runs")
    let runs = (0..<Int(random.next() % 12)).map { _ in
      let start = Int(random.next() % 100)
      return RunLengthCode.Run(start: start, count: 1 + Int(random.next() % UInt64(min(30, 100 - start))))
    }
    var bits = [UInt8](repeating: 0, count: 100)
    for run in runs { for place in run.start..<run.start + run.count { bits[place % 10 * 10 + place / 10] = 1 } }
    let mask = Mask(width: 10, height: 10, bits: bits)
    let code = try RunLengthCode(width: 10, height: 10, runs: runs)
    #expect(code == RunLengthCode(mask))
    #expect(code.boundingBox == mask.boundingBox)
    #expect(try RunLengthCode(width: 10, height: 10, runs: code.runs) == code)
  }

  @Test(arguments: [(-1, 5), (0, 0), (99, 2), (100, 1), (.max, .max), (5, .max)])
  func runsBeyondTheEndAreRefused(start: Int, count: Int) {
    #expect(throws: RunLengthCode.Problem.self) {
      try RunLengthCode(width: 10, height: 10, runs: [.init(start: start, count: count)])
    }
  }
}
