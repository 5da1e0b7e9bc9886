import Files
import Randomness

/// Divides images into training, validation and test ones, by class and without tearing groups apart.
///
/// Iterative stratification (Sechidis et al. 2011) over whole groups: the class with the fewest images left gives its
/// groups, largest first, to the split that lacks most of it. Groups are then moved one at a time as long as that brings the
/// counts nearer to the wanted shares. Of several shuffles the best result counts.
public struct Splitter: Sendable {
  /// The wanted share of each split; they add up to 1.
  public let fractions: [Split: Double]
  public let seed: UInt64

  /// One image to be placed.
  public struct Member: Sendable, Equatable {
    public let group: String
    public let className: String

    public init(group: String, className: String) {
      self.group = group
      self.className = className
    }
  }

  private static let attempts = 16

  /// - Throws: `InputError` unless the shares lie within 0 ... 1 and add up to 1.
  public init(train: Double = 0.6, validation: Double = 0.2, test: Double = 0.2, seed: UInt64 = 0) throws {
    let shares = [train, validation, test]
    guard shares.allSatisfy({ $0.isFinite && $0 >= 0 && $0 <= 1 }), abs(shares.reduce(0, +) - 1) < 1e-6, train > 0
    else {
      throw InputError(
        at: "shares of the split", expected: "numbers from 0 to 1 that add up to 1, and one for train",
        found: "train \(train), validation \(validation), test \(test)")
    }
    fractions = [.train: train, .validation: validation, .test: test]
    self.seed = seed
  }

  /// Splits a data set by its own groups and writes `splits.json`; see `SplitRun`.
  ///
  /// - Returns: the data set, opened anew.
  public func split(_ dataset: Dataset) throws -> Dataset {
    try SplitRun(self, groups: SplitGroups(of: dataset)).run(dataset).dataset
  }

  /// The same without a test split: what is left to train and validation, in their proportion.
  func withoutTest() throws -> Splitter {
    let (train, validation) = (fractions[.train] ?? 1, fractions[.validation] ?? 0)
    return try Splitter(
      train: train / (train + validation), validation: validation / (train + validation), test: 0, seed: seed)
  }

  /// Places every image; the same members, shares and seed always give the same splits.
  ///
  /// A class that stands in fewer groups than there are splits cannot be in all of them; it is placed as well as that goes.
  /// - Throws: `InputError` when there are fewer groups than splits.
  public func places(of members: [Member]) throws -> [Split] {
    let wanted = Split.allCases.filter { (fractions[$0] ?? 0) > 0 }
    let table = SplitTable(members)
    guard table.groups.count >= wanted.count else {
      throw InputError(
        at: "split", expected: "at least \(wanted.count) groups, one for each split", found: "\(table.groups.count)",
        remedy: "Bring more images, or give a split the share 0")
    }
    let shares = wanted.map { fractions[$0] ?? 0 }
    var best: (cost: Double, places: [Int])?
    for attempt in 0..<Self.attempts {
      var random = SeededGenerator(seed: seed, purpose: "split", attempt)
      var placement = SplitPlacement(table, shares: shares, order: random.shuffled(Array(table.groups.indices)))
      placement.improve()
      if placement.cost < best?.cost ?? .infinity { best = (placement.cost, placement.places) }
    }
    return table.groupOfMember.map { wanted[best?.places[$0] ?? 0] }
  }
}
