/// What a split came to, for people and programs.
public struct SplitReport: Codable, Equatable, Sendable {
  /// What became of the test images.
  public enum TestOutcome: String, Codable, Sendable { case new, kept, replaced }

  /// A class that is not in every split, because it stands in too few groups or they hang together too much.
  public struct RareClass: Codable, Equatable, Sendable {
    public let name: String
    public let images: Int
    public let groups: Int
    public let missing: [Split]
  }

  /// Images by class and split; those in none under "none".
  public let classes: [String: [String: Int]]
  public let groups: Int
  public let rare: [RareClass]
  /// How images were joined to groups, beyond what the data set says itself.
  public let ways: [String]
  public let test: TestOutcome
  /// Images that stand in no split, because frozen test images hang together with them.
  public let leftOut: [String]

  init(of set: Dataset, groups names: [String], splitter: Splitter, ways: [String], test: TestOutcome) {
    var classes: [String: [String: Int]] = [:]
    var groupsOfClass: [String: Set<String>] = [:]
    for (image, group) in zip(set.images, names) {
      let name = set.className(of: image)
      classes[name, default: [:]][image.split?.rawValue ?? "none", default: 0] += 1
      groupsOfClass[name, default: []].insert(group)
    }
    self.classes = classes
    groups = Set(names).count
    let wanted = Split.allCases.filter { (splitter.fractions[$0] ?? 0) > 0 }
    rare = set.classNames.compactMap { name in
      guard let counts = classes[name] else { return nil }
      let missing = wanted.filter { (counts[$0.rawValue] ?? 0) == 0 }
      guard !missing.isEmpty else { return nil }
      return RareClass(
        name: name, images: counts.values.reduce(0, +), groups: groupsOfClass[name]?.count ?? 0, missing: missing)
    }
    self.ways = ways
    self.test = test
    leftOut = set.images.filter { $0.split == nil }.map(\.fileName)
  }
}
