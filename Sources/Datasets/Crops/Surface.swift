import Images

/// What of an image shows the surface: all of it but its dark columns, which show what lies beside.
public struct Surface: Equatable, Sendable {
  public let width: Int
  public let height: Int
  /// Columns that show the surface, as stretches from the left.
  public let stretches: [Range<Int>]

  /// Mean grey value, 0 ... 255, below which a column is dark: that of `CentredWindows`.
  public static let darkLevel = 25.0

  /// - Parameter darkLevel: 0 makes the whole image the surface.
  public init(of image: Image, darkLevel: Double = Surface.darkLevel) throws {
    width = image.width
    height = image.height
    let sums = try WindowBrightness(of: image).columnSums(from: 0, height: height)
    let least = darkLevel * Double(height)
    var stretches: [Range<Int>] = []
    for (x, sum) in sums.enumerated() where Double(sum) >= least {
      if let last = stretches.last, last.upperBound == x {
        stretches[stretches.count - 1] = last.lowerBound..<x + 1
      } else {
        stretches.append(x..<x + 1)
      }
    }
    self.stretches = stretches
  }

  /// The whole image.
  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
    stretches = [0..<width]
  }

  /// Whether a column shows the surface.
  public func shows(column: Int) -> Bool { stretches.contains { $0.contains(column) } }

  /// All columns that show the surface, as a mask.
  public var mask: Mask {
    var row = [UInt8](repeating: 0, count: width)
    for stretch in stretches { for x in stretch { row[x] = 1 } }
    return Mask(width: width, height: height, bits: Array((0..<height).map { _ in row }.joined()))
  }
}
