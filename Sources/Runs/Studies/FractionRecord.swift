/// What the arms reached with a share of the real training defects, by the study's primary figure.
public struct FractionRecord: Codable, Equatable, Sendable {
  public struct Arm: Codable, Equatable, Sendable {
    public var name: String
    /// As written in tables.
    public var title: String
    public var value: Double?
    public var interval: Interval?
    /// To the arm of real images alone; nil for that arm itself.
    public var difference: Double?
    public var differenceInterval: Interval?

    public init(
      name: String, title: String, value: Double?, interval: Interval?, difference: Double? = nil,
      differenceInterval: Interval? = nil
    ) {
      self.name = name
      self.title = title
      self.value = value
      self.interval = interval
      self.difference = difference
      self.differenceInterval = differenceInterval
    }
  }

  /// In (0, 1].
  public var fraction: Double
  /// Real training images with a defect: the mean over the splits.
  public var defects: Double
  public var arms: [Arm]

  public init(fraction: Double, defects: Double, arms: [Arm]) {
    self.fraction = fraction
    self.defects = defects
    self.arms = arms
  }
}

/// How many real defects would have done as much as what an arm adds, read off the learning curve of real images alone.
public struct WorthRecord: Codable, Equatable, Sendable {
  public var arm: String
  public var fraction: Double
  /// Real training images with a defect that the arm had.
  public var defects: Double
  /// Images that it had besides.
  public var added: Double
  /// So many real ones more would have reached what it reached.
  public var worth: Double
  public var interval: Interval?
  /// Whether the arm reached more than real images did at the largest fraction, so that it is worth at least so much.
  public var isAtLeast: Bool

  public init(
    arm: String, fraction: Double, defects: Double, added: Double, worth: Double, interval: Interval?, isAtLeast: Bool
  ) {
    self.arm = arm
    self.fraction = fraction
    self.defects = defects
    self.added = added
    self.worth = worth
    self.interval = interval
    self.isAtLeast = isAtLeast
  }
}
