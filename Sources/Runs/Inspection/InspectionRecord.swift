/// Everything that an inspection of a data set found: what `patina inspect --json` prints and its page shows.
public struct InspectionRecord: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes.
  public static let currentVersion = 1

  public var version: Int
  /// The name of the data set's folder.
  public var name: String
  /// What the data set says of itself.
  public var description: String
  /// Images listed, those that cannot be read included.
  public var images: Int
  /// Groups (physical objects, sources) that they come from.
  public var groups: Int
  /// Whether any image stands in a split.
  public var isSplit: Bool
  /// The most serious first.
  public var findings: [Finding]
  /// The strangest image first.
  public var outliers: [Outlier]
  /// The clean class first.
  public var classes: [ClassFacts]
  /// A few images of each class, evenly chosen.
  public var samples: [Sample]
  public var files: FileFacts
  public var distributions: [Distribution]
  /// One for each class whose defects have a place.
  public var positions: [PositionMap]
  /// Pairs of classes that meet in an image.
  public var overlaps: [Overlap]
  public var probes: [Probe]
  /// How it was inspected: seed, thresholds, versions.
  public var facts: [Fact]

  public init(
    version: Int = InspectionRecord.currentVersion, name: String, description: String, images: Int, groups: Int,
    isSplit: Bool, findings: [Finding], outliers: [Outlier], classes: [ClassFacts],
    samples: [Sample], files: FileFacts, distributions: [Distribution], positions: [PositionMap], overlaps: [Overlap],
    probes: [Probe], facts: [Fact]
  ) {
    self.version = version
    self.name = name
    self.description = description
    self.images = images
    self.groups = groups
    self.isSplit = isSplit
    self.findings = findings
    self.outliers = outliers
    self.classes = classes
    self.samples = samples
    self.files = files
    self.distributions = distributions
    self.positions = positions
    self.overlaps = overlaps
    self.probes = probes
    self.facts = facts
  }

  /// How many findings are as serious as that.
  public func count(of severity: Severity) -> Int { findings.count { $0.severity == severity } }

  /// File names of all images that the page shows.
  public var imagesShown: [String] {
    outliers.map(\.image) + findings.flatMap { $0.casesShown.flatMap(\.imagesShown) } + samples.flatMap(\.images)
  }
}

extension InspectionRecord {
  public enum Severity: String, Codable, CaseIterable, Comparable, Sendable {
    /// Results on this data would be wrong: a leak, a broken file, labels that contradict each other.
    case error
    /// Results may mislead: look before training.
    case warning
    /// Worth knowing.
    case note

    /// The more serious one is greater.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .error: 2
      case .warning: 1
      case .note: 0
      }
    }
  }

  /// One thing that someone should know of the data, and what to do about it.
  public struct Finding: Codable, Equatable, Sendable {
    /// Images that the finding speaks of, together: a set of copies, or one image.
    public struct Case: Codable, Equatable, Sendable {
      /// File names within the data set; empty where the case is none of an image.
      public var images: [String]
      /// What is the matter with them; empty where the finding says it all.
      public var text: String

      public init(_ images: [String], _ text: String = "") {
        self.images = images
        self.text = text
      }

      /// Those of which the page has pictures.
      public var imagesShown: [String] { Array(images.prefix(4)) }
    }

    public var severity: Severity
    /// A word for programs that stays the same between versions, such as `copies-across-splits`.
    public var kind: String
    /// What was found, in a line.
    public var title: String
    /// Why it matters.
    public var meaning: String
    /// What to do about it.
    public var remedy: String
    public var cases: [Case]

    public init(
      _ severity: Severity, _ kind: String, title: String, meaning: String, remedy: String, cases: [Case] = []
    ) {
      self.severity = severity
      self.kind = kind
      self.title = title
      self.meaning = meaning
      self.remedy = remedy
      self.cases = cases
    }

    /// Whether the images of a case show the same; they are then joined by "=".
    public var isOfCopies: Bool { kind.contains("copies") || kind.hasPrefix("same-views") }

    /// Those of which the page has pictures: more of what is more serious.
    public var casesShown: [Case] {
      let limits: [Severity: Int] = [.error: 12, .warning: 8, .note: 4]
      return Array(cases.prefix(limits[severity] ?? 4))
    }
  }

  /// Images of one class.
  public struct Sample: Codable, Equatable, Sendable {
    public var className: String
    public var images: [String]

    public init(className: String, images: [String]) {
      self.className = className
      self.images = images
    }
  }

  /// An image that is unlike the others in simple measures of the whole picture.
  public struct Outlier: Codable, Equatable, Sendable {
    /// A measure in which it stands apart.
    public struct Reason: Codable, Equatable, Sendable {
      public var measure: String
      public var unit: String
      public var value: Double
      /// Of all images.
      public var median: Double
      /// How many robust standard deviations lie between; negative below the median.
      public var deviations: Double

      public init(measure: String, unit: String, value: Double, median: Double, deviations: Double) {
        self.measure = measure
        self.unit = unit
        self.value = value
        self.median = median
        self.deviations = deviations
      }
    }

    public var image: String
    public var className: String
    /// Root mean square of the robust deviations over all measures.
    public var distance: Double
    /// The greatest deviations first.
    public var reasons: [Reason]

    public init(image: String, className: String, distance: Double, reasons: [Reason]) {
      self.image = image
      self.className = className
      self.distance = distance
      self.reasons = reasons
    }
  }
}
