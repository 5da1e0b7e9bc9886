import Foundation
import Randomness
import Testing

struct SeededGeneratorTests {
  @Test func theSameSeedGivesTheSameNumbersAndAnotherSeedOthers() {
    var first = SeededGenerator(seed: 7)
    var second = SeededGenerator(seed: 7)
    var other = SeededGenerator(seed: 8)
    let numbers = (0..<8).map { _ in first.next() }
    #expect(numbers == (0..<8).map { _ in second.next() })
    #expect(numbers != (0..<8).map { _ in other.next() })
  }

  @Test func streamsDifferByPurposeAndNumber() {
    var values = Set<UInt64>()
    for purpose in ["crop", "flip"] {
      for epoch in 0..<10 {
        for index in 0..<10 {
          var stream = SeededGenerator(seed: 1, purpose: purpose, epoch, index)
          values.insert(stream.next())
        }
      }
    }
    #expect(values.count == 200)
  }

  @Test func theStateSurvivesBeingSaved() throws {
    var generator = SeededGenerator(seed: 3)
    _ = generator.next()
    let saved = try JSONEncoder().encode(generator)
    var restored = try JSONDecoder().decode(SeededGenerator.self, from: saved)
    #expect(generator.next() == restored.next())
  }

  @Test(arguments: [#"{"state":[1,2,3]}"#, #"{"state":[0,0,0,0]}"#, #"{"state":[]}"#, "{}"])
  func aDamagedStateIsRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(SeededGenerator.self, from: Data(text.utf8)) }
  }

  @Test func drawsAreEvenAndWithinBounds() {
    var generator = SeededGenerator(seed: 11)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.int(below: 7)] += 1 }
    // Standard deviation of each count is 92.6; five of them.
    #expect(counts.allSatisfy { abs($0 - 10_000) < 463 })
    #expect(generator.shuffled(Array(0..<100)).sorted() == Array(0..<100))
  }

  @Test func distinctNumbersDifferAndAreEven() {
    var generator = SeededGenerator(seed: 12)
    var counts = [Int](repeating: 0, count: 49)
    for _ in 0..<49_000 {
      let drawn = generator.distinct(2, below: 7)
      counts[drawn[0] * 7 + drawn[1]] += 1
    }
    // 42 ordered pairs; standard deviation of each count is 33.8; five of them.
    for (pair, count) in counts.enumerated() {
      #expect(pair / 7 == pair % 7 ? count == 0 : abs(count - 49_000 / 42) < 169)
    }
    #expect(generator.distinct(100, below: 100).sorted() == Array(0..<100))
    #expect(generator.distinct(0, below: 0).isEmpty)
  }

  @Test func normalHasMeanZeroAndVarianceOne() {
    var generator = SeededGenerator(seed: 5)
    let values = (0..<40_000).map { _ in generator.normal() }
    let mean = values.reduce(0, +) / 40_000
    let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 40_000
    #expect(abs(mean) < 0.025)
    #expect(abs(variance - 1) < 0.04)
  }
}
