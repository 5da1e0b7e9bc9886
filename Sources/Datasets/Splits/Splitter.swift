import Files
import Foundation
import Randomness

/// Divides a data set into training, validation and test images, by class and without tearing groups apart.
///
/// Iterative stratification (Sechidis et al. 2011) over whole groups: the class with the fewest images left gives its
/// groups, largest first, to the split that lacks most of it. Of several shuffles the one nearest to the wanted shares wins.
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

  /// Places every image; the same members, shares and seed always give the same splits.
  ///
  /// - Throws: `InputError` when a class stands in too few groups to be seen in every split.
  public func places(of members: [Member]) throws -> [Split] {
    let wanted = Split.allCases.filter { (fractions[$0] ?? 0) > 0 }
    var groups: [String: [String: Int]] = [:]
    for member in members { groups[member.group, default: [:]][member.className, default: 0] += 1 }
    let classes = Set(members.map(\.className)).sorted()
    for name in classes {
      let count = groups.values.count { $0[name] != nil }
      guard count >= wanted.count else {
        throw InputError(
          at: "class '\(name)'", expected: "at least \(wanted.count) groups, one for each split",
          found: "\(count) of \(members.count { $0.className == name }) images",
          remedy: "Bring more images of it, leave the class out, or give a split the share 0")
      }
    }
    let names = groups.keys.sorted()
    var best: (cost: Double, places: [String: Split])?
    for attempt in 0..<Self.attempts {
      var random = SeededGenerator(seed: seed, purpose: "split", attempt)
      let places = place(random.shuffled(names), of: groups, classes: classes, in: wanted)
      guard let cost = cost(of: places, groups, classes: classes, wanted: wanted) else { continue }
      if cost < (best?.cost ?? .infinity) { best = (cost, places) }
    }
    guard let best else {
      throw InputError(
        at: "split", expected: "each class in each of \(wanted.count) splits",
        found: "groups that hang together too much",
        remedy: "Try another --seed, or give a split the share 0")
    }
    return members.map { best.places[$0.group] ?? .train }
  }

  /// Splits a data set and writes its `splits.json` in one step.
  ///
  /// - Returns: the data set, opened anew.
  public func split(_ dataset: Dataset) throws -> Dataset {
    let places = try places(
      of: dataset.images.map { Member(group: $0.group, className: dataset.className(of: $0)) })
    var splits: [Split: [String]] = [.train: [], .validation: [], .test: []]
    for (image, place) in zip(dataset.images, places) { splits[place, default: []].append(image.fileName) }
    let form = DatasetForm.Splits(
      version: DatasetForm.version, method: "stratified by class, whole groups", seed: seed, fractions: fractions,
      splits: splits)
    try JSONFile.write(form, to: dataset.folder.appendingPathComponent(DatasetForm.splits))
    return try Dataset(at: dataset.folder)
  }

  private func place(
    _ shuffled: [String], of groups: [String: [String: Int]], classes: [String], in wanted: [Split]
  ) -> [String: Split] {
    var lack: [String: [Split: Double]] = [:]
    for name in classes {
      let total = Double(groups.values.reduce(0) { $0 + ($1[name] ?? 0) })
      for split in wanted { lack[name, default: [:]][split] = total * (fractions[split] ?? 0) }
    }
    var seen: [String: Set<Split>] = [:]
    var open = shuffled
    var places: [String: Split] = [:]
    while !open.isEmpty {
      // The class with the fewest images that have no place yet.
      var left: [String: Int] = [:]
      for group in open { for (name, count) in groups[group] ?? [:] { left[name, default: 0] += count } }
      guard let rarest = left.min(by: { ($0.value, $0.key) < ($1.value, $1.key) })?.key else { break }
      var own = open.filter { groups[$0]?[rarest] != nil }
      // A stable order: by size, and among equals as shuffled.
      let sizes = own.map { groups[$0]?[rarest] ?? 0 }
      own = zip(own, sizes).enumerated().sorted {
        ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
      }.map(\.element.0)
      for (index, group) in own.enumerated() {
        let unseen = wanted.filter { seen[rarest]?.contains($0) != true }
        // As many groups left as splits without this class: each of them gets one.
        let candidates = own.count - index <= unseen.count ? unseen : wanted
        let totals = { (split: Split) in classes.reduce(0) { $0 + (lack[$1]?[split] ?? 0) } }
        let choice = candidates.max { one, other in
          let (first, second) = (lack[rarest]?[one] ?? 0, lack[rarest]?[other] ?? 0)
          return first == second ? totals(one) < totals(other) : first < second
        }
        let split = choice ?? .train
        places[group] = split
        for (name, count) in groups[group] ?? [:] {
          lack[name]?[split, default: 0] -= Double(count)
          seen[name, default: []].insert(split)
        }
      }
      open.removeAll { places[$0] != nil }
    }
    return places
  }

  /// How far the shares are from the wanted ones, summed over classes; nil where a class is missing in a split.
  private func cost(
    of places: [String: Split], _ groups: [String: [String: Int]], classes: [String], wanted: [Split]
  ) -> Double? {
    var counts: [String: [Split: Int]] = [:]
    for (group, split) in places {
      for (name, count) in groups[group] ?? [:] { counts[name, default: [:]][split, default: 0] += count }
    }
    var cost = 0.0
    for name in classes {
      let total = Double(counts[name]?.values.reduce(0, +) ?? 0)
      for split in wanted {
        guard let count = counts[name]?[split] else { return nil }
        cost += abs(Double(count) / total - (fractions[split] ?? 0))
      }
    }
    return cost
  }
}
