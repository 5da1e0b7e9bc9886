import Files

/// How the pixels of one class were segmented in one image: what figures of a whole set are added up from.
public struct ClassPixels: Codable, Equatable, Sendable {
  /// Pixels of the class.
  public var truth: Int
  /// Pixels that were called it.
  public var called: Int
  public var both: Int
  /// Pixels of the true outline, and those of them that the called one comes near to (`BoundaryCounts`).
  public var outline: Int
  public var outlineMatched: Int
  /// The same of the called outline.
  public var calledOutline: Int
  public var calledOutlineMatched: Int
  /// Connected defects.
  public var defects: [Defect]

  public struct Defect: Codable, Equatable, Sendable {
    /// In pixels.
    public var area: Int
    /// Pixels of it that were called its class.
    public var called: Int

    public init(area: Int, called: Int) {
      self.area = area
      self.called = called
    }

    /// Of a defect that is found at least this share is called its class.
    public static let foundShare = 0.25
    public var isFound: Bool { Double(called) >= Self.foundShare * Double(area) }
  }

  public init(
    truth: Int = 0, called: Int = 0, both: Int = 0, outline: Int = 0, outlineMatched: Int = 0, calledOutline: Int = 0,
    calledOutlineMatched: Int = 0, defects: [Defect] = []
  ) {
    self.truth = truth
    self.called = called
    self.both = both
    self.outline = outline
    self.outlineMatched = outlineMatched
    self.calledOutline = calledOutline
    self.calledOutlineMatched = calledOutlineMatched
    self.defects = defects
  }

  /// nil where it is too large: a file that was changed by hand may say anything.
  private func sum(_ counts: [Int]) -> Int? {
    counts.reduce(0 as Int?) { sum, count in
      guard let (value, isTooLarge) = sum?.addingReportingOverflow(count), !isTooLarge else { return nil }
      return value
    }
  }

  func check(at place: String) throws {
    let counts = [
      truth, called, both, outline, outlineMatched, calledOutline, calledOutlineMatched,
    ]
    guard counts.allSatisfy({ $0 >= 0 }), both <= min(truth, called), outlineMatched <= outline, outline <= truth,
      calledOutlineMatched <= calledOutline, calledOutline <= called,
      defects.allSatisfy({ $0.area > 0 && (0...$0.area).contains($0.called) }),
      sum(defects.map(\.area)) == truth, sum(defects.map(\.called)) == both
    else {
      throw InputError(
        at: place, expected: "counts of pixels that fit each other",
        found: counts.map(String.init).joined(separator: ", "))
    }
  }
}
