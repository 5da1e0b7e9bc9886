import Foundation

/// A random generator with a seed, a state that can be saved, and the same numbers on every machine.
///
/// xoshiro256** (Blackman and Vigna, 2018), seeded through SplitMix64. Its draws are defined here rather than by the standard
/// library, whose algorithms may change between releases.
public struct SeededGenerator: RandomNumberGenerator, Codable, Equatable, Sendable {
  private var state: [UInt64]

  public init(seed: UInt64) {
    var mixer = SplitMix(state: seed)
    state = (0..<4).map { _ in mixer.next() }
  }

  /// An independent stream for one purpose: the same seed, purpose and numbers give the same stream, so work can be done
  /// in any order, or resumed in the middle, and still draw the same.
  public init(seed: UInt64, purpose: String, _ numbers: Int...) {
    var mixer = SplitMix(state: seed)
    for byte in purpose.utf8 { mixer.absorb(UInt64(byte)) }
    for number in numbers { mixer.absorb(UInt64(bitPattern: Int64(number)) &+ 0x9e37) }
    self.init(seed: mixer.next())
  }

  /// - Throws: `DecodingError` when what was saved is no state of this generator.
  public init(from decoder: any Decoder) throws {
    state = try decoder.container(keyedBy: CodingKeys.self).decode([UInt64].self, forKey: .state)
    guard state.count == 4, state.contains(where: { $0 != 0 }) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a generator's state is four numbers, not all 0"))
    }
  }

  private enum CodingKeys: String, CodingKey { case state }

  public mutating func next() -> UInt64 {
    let result = rotate(state[1] &* 5, 7) &* 9
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 45)
    return result
  }

  /// Uniform in [0, 1), with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A whole number in 0 ..< bound, without bias (Lemire 2019, with rejection).
  public mutating func int(below bound: Int) -> Int {
    precondition(bound > 0, "int(below:) needs a bound of at least 1, got \(bound)")
    let range = UInt64(bound)
    var product = next().multipliedFullWidth(by: range)
    if product.low < range {
      let threshold = (0 &- range) % range
      while product.low < threshold { product = next().multipliedFullWidth(by: range) }
    }
    return Int(product.high)
  }

  public mutating func bool(probability: Double = 0.5) -> Bool { uniform() < probability }

  /// Gaussian with mean 0 and variance 1 (Marsaglia's polar method; the second value is not kept, so the state stays plain).
  public mutating func normal() -> Double {
    while true {
      let x = uniform(-1, 1)
      let y = uniform(-1, 1)
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Fisher and Yates.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for index in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(index, int(below: index + 1)) }
    return result
  }

  /// `count` different whole numbers in 0 ..< bound, in random order: the beginning of the same shuffle, which keeps only
  /// the places that it touched.
  public mutating func distinct(_ count: Int, below bound: Int) -> [Int] {
    precondition((0...bound).contains(count), "there are \(bound) numbers below \(bound), not \(count)")
    var moved: [Int: Int] = [:]
    var result: [Int] = []
    for place in 0..<count {
      let other = place + int(below: bound - place)
      result.append(moved[other] ?? other)
      moved[other] = moved[place] ?? place
    }
    return result
  }

  public mutating func element<Element>(of elements: [Element]) -> Element { elements[int(below: elements.count)] }

  private func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 { (value << bits) | (value >> (64 - bits)) }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): spreads a seed over a larger state.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func absorb(_ value: UInt64) { state = next() ^ (value &* 0xff51_afd7_ed55_8ccd) }
}
