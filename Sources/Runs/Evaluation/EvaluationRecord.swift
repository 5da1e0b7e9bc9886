/// How like synthetic images are to real ones: what `patina evaluate --json` prints and its page shows.
public struct EvaluationRecord: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes.
  public static let currentVersion = 1

  public var version: Int
  public var real: Side
  public var synthetic: Side
  /// The network, in words.
  public var features: String
  /// SHA-256 of the network's weights.
  public var featuresHash: String
  /// Side in pixels that the middle of all images was brought to first; nil where each went in whole.
  public var size: Int?
  /// Squared Fréchet distance of the features.
  public var fid: Double
  public var kid: Kernel
  public var manifold: Manifold
  /// Share of synthetic images nearer to a real one than 99 % of real images are to another.
  public var copies: Double
  /// In units of features.
  public var medianDistanceToReal: Double
  public var medianDistanceWithinReal: Double
  /// Each synthetic image with its nearest real one, the nearest first.
  public var nearest: [Pair]
  /// How it was measured: versions, seed.
  public var facts: [Fact]

  public init(
    version: Int = EvaluationRecord.currentVersion, real: Side, synthetic: Side, features: String, featuresHash: String,
    size: Int?, fid: Double, kid: Kernel, manifold: Manifold, copies: Double, medianDistanceToReal: Double,
    medianDistanceWithinReal: Double, nearest: [Pair], facts: [Fact]
  ) {
    self.version = version
    self.real = real
    self.synthetic = synthetic
    self.features = features
    self.featuresHash = featuresHash
    self.size = size
    self.fid = fid
    self.kid = kid
    self.manifold = manifold
    self.copies = copies
    self.medianDistanceToReal = medianDistanceToReal
    self.medianDistanceWithinReal = medianDistanceWithinReal
    self.nearest = nearest
    self.facts = facts
  }
}

extension EvaluationRecord {
  /// One of the two sets of images.
  public struct Side: Codable, Equatable, Sendable {
    public var path: String
    /// The class and split that were compared; nil where all counted.
    public var className: String?
    public var split: String?
    public var images: Int
    /// A few of its images, evenly over the list.
    public var samples: [String]

    /// - Parameter names: of all its images, of which a few become the samples.
    public init(path: String, className: String?, split: String?, names: [String]) {
      self.path = path
      self.className = className
      self.split = split
      images = names.count
      let count = min(EvaluationRecord.samplesShown, names.count)
      samples = (0..<count).map { names[$0 * names.count / count] }
    }
  }

  /// The kernel Inception distance, and what holds it by 95 %.
  public struct Kernel: Codable, Equatable, Sendable {
    public var value: Double
    public var low: Double
    public var high: Double
    public var method: String

    public init(value: Double, low: Double, high: Double, method: String) {
      self.value = value
      self.low = low
      self.high = high
      self.method = method
    }
  }

  /// By balls around images that reach to a neighbour of their own set.
  public struct Manifold: Codable, Equatable, Sendable {
    public var precision: Double
    public var recall: Double
    public var density: Double
    public var coverage: Double
    /// Balls reach to this neighbour.
    public var neighbour: Int

    public init(precision: Double, recall: Double, density: Double, coverage: Double, neighbour: Int) {
      self.precision = precision
      self.recall = recall
      self.density = density
      self.coverage = coverage
      self.neighbour = neighbour
    }
  }

  /// A synthetic image and the real one that is nearest to it.
  public struct Pair: Codable, Equatable, Sendable {
    public var synthetic: String
    public var real: String
    public var distance: Double
    /// To so many nearest real images as the manifold's neighbour says.
    public var meanDistance: Double
    /// The clean image that the synthetic one was made from, where its data set says so.
    public var source: String?

    public init(synthetic: String, real: String, distance: Double, meanDistance: Double, source: String?) {
      self.synthetic = synthetic
      self.real = real
      self.distance = distance
      self.meanDistance = meanDistance
      self.source = source
    }
  }

  /// What a picture of the page shows.
  public enum Picture: Hashable, Sendable {
    case real(String)
    case synthetic(String)
    /// Of a synthetic image from its nearest real one; by the synthetic one's name.
    case difference(String)
    /// The clean image that a synthetic one was made from, and the difference from it; by the synthetic one's name.
    case source(String)
    case sourceDifference(String)
  }
}

extension EvaluationRecord {
  /// The most pictures of each kind on the page.
  public static let samplesShown = 12
  public static let nearestShown = 12
  public static let extremesShown = 6
  /// By what differences are multiplied for the page.
  public static let differenceFactor = 4

  /// The pairs of which the page has pictures, the nearest first.
  public var nearestPairs: [Pair] { Array(nearest.prefix(Self.nearestShown)) }

  /// The synthetic images with the smallest mean distance to their nearest real ones, the best first.
  public var best: [Pair] { Array(byMeanDistance.prefix(Self.extremesShown)) }

  /// The synthetic images with the largest mean distance, the worst first; none that is among the best.
  public var worst: [Pair] { Array(byMeanDistance.dropFirst(Self.extremesShown).suffix(Self.extremesShown).reversed()) }

  private var byMeanDistance: [Pair] {
    nearest.sorted { ($0.meanDistance, $0.synthetic) < ($1.meanDistance, $1.synthetic) }
  }

  /// The pairs that the page shows, each once.
  public var pairsShown: [Pair] {
    var known: Set<String> = []
    return (nearestPairs + best + worst).filter { known.insert($0.synthetic).inserted }
  }
}
