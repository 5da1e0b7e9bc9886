/// How the outlines of what was called a class and of what is of it meet.
///
/// An outline's pixels are those of the class with a neighbour, above, below or beside it, that is not, or that lie at the
/// image's border. One is matched where the other outline comes as near as the tolerance. Precision is the share of the called
/// outline that is matched, recall that of the true one, and boundary F1 their harmonic mean (Csurka et al., "What is a good
/// evaluation measure for semantic segmentation?", BMVC 2013). Counts of several images are added up first: a mean over images
/// would have to say what one without a defect counts.
public struct BoundaryCounts: Codable, Equatable, Sendable {
  public var truth = 0
  public var truthMatched = 0
  public var called = 0
  public var calledMatched = 0

  /// Pixels by which outlines may differ.
  public static let tolerance = 2

  public init() {}

  /// Shapes: both [H · W].
  public init(truth: [Bool], called: [Bool], width: Int, tolerance: Int = BoundaryCounts.tolerance) {
    precondition(
      width > 0 && truth.count == called.count && truth.count % width == 0,
      "\(truth.count) and \(called.count) pixels do not make up rows of \(width)")
    let (one, other) = (Self.outline(truth, width), Self.outline(called, width))
    self.truth = one.count(where: { $0 })
    self.called = other.count(where: { $0 })
    truthMatched = Self.matched(one, other, width, tolerance)
    calledMatched = Self.matched(other, one, width, tolerance)
  }

  /// 2·P·R / (P + R); nil where there is no true outline, 0 where nothing meets.
  public var f1: Double? {
    Self.f1(truth: Double(truth), Double(truthMatched), called: Double(called), Double(calledMatched))
  }

  /// The same of weighted sums.
  public static func f1(truth: Double, _ truthMatched: Double, called: Double, _ calledMatched: Double) -> Double? {
    guard truth > 0 else { return nil }
    guard called > 0, truthMatched > 0 else { return 0 }
    let (precision, recall) = (calledMatched / called, truthMatched / truth)
    return 2 * precision * recall / (precision + recall)
  }

  public static func += (left: inout BoundaryCounts, right: BoundaryCounts) {
    left.truth += right.truth
    left.truthMatched += right.truthMatched
    left.called += right.called
    left.calledMatched += right.calledMatched
  }

  private static func outline(_ mask: [Bool], _ width: Int) -> [Bool] {
    mask.indices.map { place in
      guard mask[place] else { return false }
      let x = place % width
      return x == 0 || x == width - 1 || place < width || place >= mask.count - width || !mask[place - 1]
        || !mask[place + 1] || !mask[place - width] || !mask[place + width]
    }
  }

  private static func matched(_ one: [Bool], _ other: [Bool], _ width: Int, _ tolerance: Int) -> Int {
    let height = one.count / width
    return one.indices.count { place in
      guard one[place] else { return false }
      let (x, y) = (place % width, place / width)
      for row in max(0, y - tolerance)...min(height - 1, y + tolerance) {
        for column in max(0, x - tolerance)...min(width - 1, x + tolerance)
        where (row - y) * (row - y) + (column - x) * (column - x) <= tolerance * tolerance
          && other[row * width + column]
        {
          return true
        }
      }
      return false
    }
  }
}
