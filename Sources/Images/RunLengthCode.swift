/// A mask as COCO writes it: lengths of alternating runs of 0 and 1 down the columns, from the left, zeros first.
///
/// `counts` is written as COCO's compressed text (differences to the run two before, 5 bits a character from "0" on) and
/// read in either form: text or a list of numbers.
public struct RunLengthCode: Equatable, Sendable {
  /// What is wrong with a code that came from outside.
  public struct Problem: Error, CustomStringConvertible, Equatable, Sendable {
    public let description: String

    public init(_ description: String) { self.description = description }
  }

  public let width: Int
  public let height: Int
  /// Lengths of runs, zeros first; their sum is `width × height`.
  public let counts: [Int]

  public init(_ mask: Mask) {
    width = mask.width
    height = mask.height
    var counts: [Int] = []
    var current: UInt8 = 0
    var run = 0
    for x in 0..<mask.width {
      for y in 0..<mask.height {
        let bit = mask.bits[y * mask.width + x]
        if bit != current {
          counts.append(run)
          run = 0
          current = bit
        }
        run += 1
      }
    }
    counts.append(run)
    self.counts = counts
  }

  /// - Precondition: as the throwing initializer checks it.
  init(width: Int, height: Int, checked counts: [Int]) {
    self.width = width
    self.height = height
    self.counts = counts
  }

  /// - Throws: `Problem` unless the size is sensible, no run is negative and they add up to the whole.
  public init(width: Int, height: Int, counts: [Int]) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= Image.defaultPixelLimit else {
      throw Problem("a size of \(width) × \(height)")
    }
    var sum = 0
    for count in counts {
      guard count >= 0 else { throw Problem("a run of \(count) pixels") }
      guard count <= pixels - sum else { throw Problem("runs that go beyond \(pixels) pixels") }
      sum += count
    }
    guard sum == pixels else { throw Problem("runs of \(sum) pixels instead of \(pixels)") }
    self.width = width
    self.height = height
    self.counts = counts
  }

  /// Reads COCO's compressed text.
  public init(width: Int, height: Int, compressed text: String) throws {
    var counts: [Int] = []
    var value = 0
    var shift = 0
    for byte in text.utf8 {
      guard (48..<112).contains(byte) else {
        throw Problem("the character \(UnicodeScalar(byte)) in a run-length text")
      }
      guard shift < 35 else { throw Problem("a run of more than 32 bits") }
      let part = Int(byte) - 48
      value |= (part & 0x1f) << shift
      shift += 5
      guard part & 0x20 == 0 else { continue }
      if part & 0x10 != 0 { value |= -1 << shift }
      if counts.count > 2 { value &+= counts[counts.count - 2] }
      counts.append(value)
      value = 0
      shift = 0
    }
    guard shift == 0 else { throw Problem("a run-length text that breaks off") }
    try self.init(width: width, height: height, counts: counts)
  }

  /// COCO's compressed text.
  public var compressed: String {
    var text: [UInt8] = []
    for (index, count) in counts.enumerated() {
      var rest = index > 2 ? count - counts[index - 2] : count
      var isMore = true
      while isMore {
        var part = rest & 0x1f
        rest >>= 5
        isMore = part & 0x10 != 0 ? rest != -1 : rest != 0
        if isMore { part |= 0x20 }
        text.append(UInt8(part + 48))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Number of pixels set.
  public var area: Int { counts.indices.reduce(0) { $1 % 2 == 1 ? $0 + counts[$1] : $0 } }

  public var mask: Mask {
    var bits = [UInt8](repeating: 0, count: width * height)
    var position = 0
    for (index, count) in counts.enumerated() {
      if index % 2 == 1 {
        for place in position..<position + count { bits[place % height * width + place / height] = 1 }
      }
      position += count
    }
    return Mask(width: width, height: height, bits: bits)
  }
}

extension RunLengthCode: Codable {
  private enum Key: String, CodingKey { case size, counts }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode([height, width], forKey: .size)
    try container.encode(compressed, forKey: .counts)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func refuse(_ key: Key, _ text: String) -> DecodingError {
      DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: text)
    }
    let size = try container.decode([Int].self, forKey: .size)
    guard size.count == 2 else { throw refuse(.size, "\(size.count) numbers instead of [height, width]") }
    do {
      if let text = try? container.decode(String.self, forKey: .counts) {
        try self.init(width: size[1], height: size[0], compressed: text)
      } else {
        try self.init(width: size[1], height: size[0], counts: try container.decode([Int].self, forKey: .counts))
      }
    } catch let problem as Problem {
      throw refuse(.counts, problem.description)
    }
  }
}
