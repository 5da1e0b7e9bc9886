import Randomness

/// Divides images for cross-validation so that a group is never on two sides and each part has its share of both sides.
struct GroupFolds {
  /// The fold of each image.
  let folds: [Int]

  /// - Parameters:
  ///   - groups: the group of each image.
  ///   - isPositive: the side of each image.
  init(groups: [String], isPositive: [Bool], count: Int, seed: UInt64) {
    struct Group { var positives = 0.0, negatives = 0.0 }
    var members: [String: Group] = [:]
    for (name, positive) in zip(groups, isPositive) {
      if positive {
        members[name, default: Group()].positives += 1
      } else {
        members[name, default: Group()].negatives += 1
      }
    }
    let positives = max(1, Double(isPositive.count { $0 }))
    let negatives = max(1, Double(isPositive.count { !$0 }))
    func weight(_ group: Group) -> Double { group.positives / positives + group.negatives / negatives }
    var random = SeededGenerator(seed: seed, purpose: "probe folds")
    // Large groups first, so that small ones can even out what they did; shuffled among groups of one size.
    let order = random.shuffled(members.sorted { $0.key < $1.key }).enumerated().sorted {
      (weight($1.element.value), $0.offset) < (weight($0.element.value), $1.offset)
    }.map(\.element)
    var filled = [Group](repeating: Group(), count: count)
    var fold: [String: Int] = [:]
    for (name, group) in order {
      func load(_ index: Int) -> Double {
        filled[index].positives / positives * group.positives / positives
          + filled[index].negatives / negatives * group.negatives / negatives
      }
      let best = filled.indices.min { (load($0), $0) < (load($1), $1) } ?? 0
      filled[best].positives += group.positives
      filled[best].negatives += group.negatives
      fold[name] = best
    }
    folds = groups.map { fold[$0] ?? 0 }
  }
}
