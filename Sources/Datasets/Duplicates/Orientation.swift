import Images

/// One of the eight ways in which an image can lie: turned by quarters, mirrored or not.
///
/// They are applied in this order: mirrored left to right first, if at all, then turned clockwise.
public struct Orientation: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 0 ... 7: the quarter turns, and 4 more when mirrored; the place in `Image.orientations()`.
  public let index: Int

  public static let identity = Orientation(isMirrored: false, quarterTurns: 0)
  public static let all = (0..<8).map { Orientation(isMirrored: $0 >= 4, quarterTurns: $0 % 4) }

  public var isMirrored: Bool { index >= 4 }
  /// Clockwise, 0 ... 3.
  public var quarterTurns: Int { index % 4 }
  /// Whether width and height change places.
  public var swapsSides: Bool { index % 2 == 1 }

  /// - Parameter quarterTurns: any number; counted modulo 4.
  public init(isMirrored: Bool, quarterTurns: Int) {
    index = (isMirrored ? 4 : 0) + (quarterTurns % 4 + 4) % 4
  }

  /// What this and then `next` come to.
  public func followed(by next: Orientation) -> Orientation {
    // A mirror turns the sense of the turns before it.
    let turns = next.isMirrored ? -quarterTurns : quarterTurns
    return Orientation(isMirrored: isMirrored != next.isMirrored, quarterTurns: turns + next.quarterTurns)
  }

  /// What undoes it.
  public var inverse: Orientation {
    isMirrored ? self : Orientation(isMirrored: false, quarterTurns: -quarterTurns)
  }

  /// Where the pixel (x, y) of the image that comes out lies in the image that goes in.
  ///
  /// - Parameters:
  ///   - width: of the image that goes in; so is `height`.
  func source(_ x: Int, _ y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    let (u, v): (Int, Int)
    switch quarterTurns {
    case 0: (u, v) = (x, y)
    case 1: (u, v) = (y, height - 1 - x)
    case 2: (u, v) = (width - 1 - x, height - 1 - y)
    default: (u, v) = (width - 1 - y, x)
    }
    return (isMirrored ? width - 1 - u : u, v)
  }

  /// Such as "mirrored and turned by 90°".
  public var description: String {
    switch (isMirrored, quarterTurns) {
    case (false, 0): "as it is"
    case (true, 0): "mirrored"
    case (let isMirrored, let turns): "\(isMirrored ? "mirrored and " : "")turned by \(turns * 90)°"
    }
  }

  public init(from decoder: any Decoder) throws {
    let index = try decoder.singleValueContainer().decode(Int.self)
    guard (0..<8).contains(index) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an orientation is 0 to 7, not \(index)"))
    }
    self.index = index
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(index)
  }
}

extension Image {
  /// The image lying as `orientation` says.
  public func oriented(_ orientation: Orientation) throws -> Image {
    let image = orientation.isMirrored ? try flippedHorizontally() : self
    return try Turn(rawValue: orientation.quarterTurns).map { try image.turned(by: $0) } ?? image
  }
}
