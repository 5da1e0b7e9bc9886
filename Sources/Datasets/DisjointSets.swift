/// Numbers that hang together (union-find); the smallest stands for each set.
struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func unite(_ one: Int, _ other: Int) {
    let (first, second) = (root(of: one), root(of: other))
    parents[max(first, second)] = min(first, second)
  }

  /// The smallest number of the set.
  mutating func root(of number: Int) -> Int {
    var root = number
    while parents[root] != root { root = parents[root] }
    var place = number
    while parents[place] != root { (place, parents[place]) = (parents[place], root) }
    return root
  }
}
