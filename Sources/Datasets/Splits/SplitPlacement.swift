/// One way to put groups into splits, and how good it is; splits are numbers here.
struct SplitPlacement {
  /// The split of each group.
  private(set) var places: [Int]
  private let table: SplitTable
  private let shares: [Double]
  private let order: [Int]
  /// Images by class and split; one row more for all classes together.
  private var counts: [[Int]]
  private let totals: [Int]

  /// A split without a class that could be in all of them weighs more than any deviation of counts.
  private static let missingCost = 10.0

  /// Places all groups.
  ///
  /// - Parameters:
  ///   - shares: the wanted share of each split.
  ///   - order: all groups in the order in which they are taken among equals.
  init(_ table: SplitTable, shares: [Double], order: [Int]) {
    self.table = table
    self.shares = shares
    self.order = order
    totals = table.totals + [table.totals.reduce(0, +)]
    places = Array(repeating: -1, count: table.groups.count)
    counts = Array(repeating: Array(repeating: 0, count: shares.count), count: totals.count)
    var left = table.totals
    while let rarest = left.indices.filter({ left[$0] > 0 }).min(by: { left[$0] < left[$1] }) {
      let own = order.enumerated().compactMap { rank, group -> (group: Int, size: Int, rank: Int)? in
        guard places[group] < 0, let entry = table.groups[group].first(where: { $0.className == rarest }) else {
          return nil
        }
        return (group, entry.count, rank)
      }.sorted { ($1.size, $0.rank) < ($0.size, $1.rank) }
      for (number, entry) in own.enumerated() {
        let split = choice(for: rarest, groupsLeft: own.count - number)
        put(entry.group, into: split)
        for (name, count) in table.groups[entry.group] { left[name] -= count }
      }
    }
  }

  private mutating func put(_ group: Int, into split: Int) {
    for (name, count) in table.groups[group] {
      if places[group] >= 0 {
        counts[name][places[group]] -= count
        counts[totals.count - 1][places[group]] -= count
      }
      counts[name][split] += count
      counts[totals.count - 1][split] += count
    }
    places[group] = split
  }

  /// The split that lacks most of a class; with no more groups left than splits without the class, one of those.
  private func choice(for name: Int, groupsLeft: Int) -> Int {
    let unseen = shares.indices.filter { counts[name][$0] == 0 }
    let candidates = groupsLeft <= unseen.count ? unseen : Array(shares.indices)
    func lack(_ row: Int, _ split: Int) -> Double {
      Double(totals[row]) * shares[split] - Double(counts[row][split])
    }
    return candidates.max {
      (lack(name, $0), lack(totals.count - 1, $0)) < (lack(name, $1), lack(totals.count - 1, $1))
    } ?? 0
  }

  /// How far the shares are from the wanted ones, summed over classes, and over all images once more.
  var cost: Double { totals.indices.reduce(0) { $0 + cost(ofRow: $1) } }

  private func cost(ofRow row: Int) -> Double {
    var cost = 0.0
    let isClass = row < table.totals.count
    for split in shares.indices {
      cost += abs(Double(counts[row][split]) / Double(max(totals[row], 1)) - shares[split])
      if isClass, counts[row][split] == 0, table.groupsOfClass[row] >= shares.count { cost += Self.missingCost }
    }
    return cost
  }

  /// Moves single groups as long as the counts come nearer to the shares.
  mutating func improve() {
    for _ in 0..<20 {
      var isBetter = false
      for group in order {
        let rows = table.groups[group].map(\.className) + [totals.count - 1]
        let home = places[group]
        var best = (split: home, cost: rows.reduce(0) { $0 + cost(ofRow: $1) } - 1e-9)
        for split in shares.indices where split != home {
          put(group, into: split)
          let reached = rows.reduce(0) { $0 + cost(ofRow: $1) }
          if reached < best.cost { best = (split, reached) }
        }
        put(group, into: best.split)
        if best.split != home { isBetter = true }
      }
      if !isBetter { break }
    }
  }
}
