extension InspectionRecord {
  /// Whether two sides of a data set can be told apart without looking at what is in the pictures.
  public struct Probe: Codable, Equatable, Sendable {
    /// An area under the receiver operating characteristic with its interval; 0.5 is chance, 1 tells all apart.
    public struct Area: Codable, Equatable, Sendable {
      public var value: Double
      public var low: Double
      public var high: Double

      public init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
      }
    }

    /// What a measure tells on its own.
    public struct Feature: Codable, Equatable, Sendable {
      public var measure: String
      public var unit: String
      /// Whether it is a matter of how files were stored, which no defect can explain.
      public var isOfStorage: Bool
      /// 0.5 ... 1, whichever side has the higher values.
      public var area: Area
      /// Of the first and of the second side.
      public var medians: [Double]

      public init(measure: String, unit: String, isOfStorage: Bool, area: Area, medians: [Double]) {
        self.measure = measure
        self.unit = unit
        self.isOfStorage = isOfStorage
        self.area = area
        self.medians = medians
      }
    }

    /// A word for programs: `clean-defective`, `train-test`, ….
    public var kind: String
    /// The two sides, such as "clean" and "defective".
    public var sides: [String]
    public var images: [Int]
    public var groups: [Int]
    /// Why nothing was measured; empty where it was.
    public var notDone: String
    /// Of a logistic regression on all measures, on images of groups that it did not see.
    public var area: Area?
    /// The most telling first.
    public var features: [Feature]

    public init(
      kind: String, sides: [String], images: [Int], groups: [Int], notDone: String = "", area: Area? = nil,
      features: [Feature] = []
    ) {
      self.kind = kind
      self.sides = sides
      self.images = images
      self.groups = groups
      self.notDone = notDone
      self.area = area
      self.features = features
    }
  }
}
