/// Which defects were found, by how large they are.
public struct RecallBySize: Equatable, Sendable {
  /// One stretch of sizes.
  public struct Stretch: Equatable, Sendable {
    /// In pixels, of the smallest and the largest in it.
    public let areas: ClosedRange<Int>
    public let count: Int
    public let found: Int
    /// In 0 ... 1.
    public var recall: Double { Double(found) / Double(count) }
  }

  private var defects: [(area: Int, isFound: Bool)] = []

  public init() {}

  public mutating func add(area: Int, isFound: Bool) { defects.append((area, isFound)) }

  /// All together; nil without defects.
  public var all: Stretch? { Self.stretch(defects.sorted { $0.area < $1.area }[...]) }

  /// The defects cut into up to `count` stretches of as many each as can be, small ones first; defects of one size stay in
  /// one stretch. Empty without defects.
  public func stretches(_ count: Int = 3) -> [Stretch] {
    precondition(count > 0, "stretches are at least one")
    let sorted = defects.sorted { $0.area < $1.area }
    var result: [Stretch] = []
    var start = 0
    for index in 1...count {
      var end = sorted.count * index / count
      // An area's last defect ends the stretch.
      while end > start, end < sorted.count, sorted[end].area == sorted[end - 1].area { end += 1 }
      guard end > start, let stretch = Self.stretch(sorted[start..<end]) else { continue }
      result.append(stretch)
      start = end
    }
    return result
  }

  private static func stretch(_ part: ArraySlice<(area: Int, isFound: Bool)>) -> Stretch? {
    guard let first = part.first, let last = part.last else { return nil }
    return Stretch(areas: first.area...last.area, count: part.count, found: part.count(where: \.isFound))
  }

  public static func == (left: RecallBySize, right: RecallBySize) -> Bool {
    left.defects.elementsEqual(right.defects) { $0 == $1 }
  }
}
