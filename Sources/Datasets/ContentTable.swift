import Files

/// Which images share a content, in little memory.
struct ContentTable {
  private var contents: [ContentDigest] = []
  private var names = PackedNames()

  mutating func add(_ name: String, _ content: ContentDigest) {
    contents.append(content)
    names.append(name.utf8)
  }

  /// The names of those that share one with another, in order, and in the order of the first of each.
  var repeated: [[String]] {
    let order = contents.indices.sorted { (contents[$0], $0) < (contents[$1], $1) }
    var repeated: [[String]] = []
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { contents[$0] != contents[order[start]] } ?? order.count
      if end - start > 1 { repeated.append(order[start..<end].map { names[$0] }.sorted()) }
      start = end
    }
    return repeated.sorted { $0[0] < $1[0] }
  }
}
