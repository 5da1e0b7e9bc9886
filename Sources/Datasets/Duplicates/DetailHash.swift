import Foundation

/// 128 signs of a cosine transform: what turned copies of a picture have nearly in common, and others share by chance.
///
/// A perceptual hash (Zauner 2010) over the details of a thumbnail, so that shades and a common illumination do not count.
/// The set of frequencies is symmetric, so that turning the picture only moves and flips the signs: the transform is done
/// once for all eight orientations.
struct DetailHash {
  /// The hash is looked up in parts of 16 bits.
  static let bandCount = 8
  /// In each part so many of the least certain signs are tried both ways.
  private static let uncertainBits = 5

  /// Coefficients at `frequencies`, in their order.
  private let coefficients: [Float]

  /// - Precondition: `details` is 32 × 32.
  init(of details: [Int8]) {
    let side = ImageSignature.side
    let highest = Self.highest
    precondition(details.count == side * side, "details of another size")
    var rows = [Float](repeating: 0, count: side * highest)  // [y, u]
    var table = [Float](repeating: 0, count: highest * highest)  // [v, u]
    details.withUnsafeBufferPointer { details in
      Self.cosines.withUnsafeBufferPointer { cosines in
        for y in 0..<side {
          for u in 0..<highest {
            var sum: Float = 0
            for x in 0..<side { sum += Float(details[y * side + x]) * cosines[u * side + x] }
            rows[y * highest + u] = sum
          }
        }
        rows.withUnsafeBufferPointer { rows in
          for v in 0..<highest {
            for u in 0..<highest {
              var sum: Float = 0
              for y in 0..<side { sum += rows[y * highest + u] * cosines[v * side + y] }
              table[v * highest + u] = sum
            }
          }
        }
      }
    }
    coefficients = Self.frequencies.map { table[$0.down * highest + $0.across] }
  }

  /// The coefficients of the picture after `orientation`.
  private func turned(by orientation: Orientation) -> [Float] {
    zip(coefficients.indices, Self.frequencies).map { index, frequency in
      // Where the frequency was before, and how often a mirror turned its sign.
      var (across, down) = frequency
      var isNegative = false
      switch orientation.quarterTurns {
      case 1:
        isNegative = across % 2 == 1
        swap(&across, &down)
      case 2: isNegative = (across + down) % 2 == 1
      case 3:
        isNegative = down % 2 == 1
        swap(&across, &down)
      default: break
      }
      if orientation.isMirrored, across % 2 == 1 { isNegative.toggle() }
      let value = coefficients[Self.places[down * Self.highest + across]]
      return isNegative ? -value : value
    }
  }

  /// The parts of the hash, one for each band.
  var bands: [UInt16] { (0..<Self.bandCount).map { Self.band($0, of: coefficients) } }

  /// For each band the parts that a copy turned by `orientation` may have: all ways of the least certain signs.
  func probes(turnedBy orientation: Orientation) -> [[UInt16]] {
    let values = turned(by: orientation)
    return (0..<Self.bandCount).map { band in
      let members = (0..<16).map { $0 * Self.bandCount + band }
      let uncertain = (0..<16).sorted {
        (abs(values[members[$0]]), $0) < (abs(values[members[$1]]), $1)
      }.prefix(Self.uncertainBits)
      let part = Self.band(band, of: values)
      return (0..<1 << Self.uncertainBits).map { choice in
        uncertain.enumerated().reduce(part) { part, bit in
          choice >> bit.offset & 1 == 1 ? part ^ (1 << UInt16(bit.element)) : part
        }
      }
    }
  }

  private static func band(_ band: Int, of values: [Float]) -> UInt16 {
    (0..<16).reduce(0) { part, bit in values[bit * bandCount + band] > 0 ? part | 1 << UInt16(bit) : part }
  }

  /// Frequencies below this, across and down.
  private static let highest = 12

  /// 128 pairs of frequencies, low ones first, so that each band has a share of each: all below 12 but the mean and the
  /// highest, and symmetric in across and down.
  private static let frequencies: [(across: Int, down: Int)] = {
    let all = (0..<highest * highest).map { (across: $0 % highest, down: $0 / highest) }
    let ordered = all.dropFirst().filter { $0.across * $0.across + $0.down * $0.down < 160 }
    return ordered.sorted {
      ($0.across + $0.down, $0.across * $0.down, $0.across) < ($1.across + $1.down, $1.across * $1.down, $1.across)
    }
  }()

  /// The place in `frequencies` of each pair.
  private static let places: [Int] = {
    var places = [Int](repeating: 0, count: highest * highest)
    for (index, frequency) in frequencies.enumerated() { places[frequency.down * highest + frequency.across] = index }
    return places
  }()

  private static let cosines: [Float] = (0..<highest * ImageSignature.side).map { index in
    let (frequency, place) = (index / ImageSignature.side, index % ImageSignature.side)
    return Float(cos(Double.pi * Double(frequency) * (Double(place) + 0.5) / Double(ImageSignature.side)))
  }
}
