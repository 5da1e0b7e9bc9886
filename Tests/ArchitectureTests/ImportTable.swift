/// What ARCHITECTURE.md says that each target may import.
struct ImportTable {
  struct Row {
    let target: String
    /// Nil stands for everything.
    let mayImport: Set<String>?
  }

  /// In the order of the document.
  let rows: [Row]
  /// Targets that any other may import: their purpose says so.
  let free: Set<String>
  /// Pairs of the drawing: the first imports the second.
  let arrows: [(from: String, to: String)]

  init(document: String) {
    let cells = document.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { $0.split(separator: "|", omittingEmptySubsequences: false).map(String.init) }
    let names = #/`([\w\-]+)`/#
    // State on disk has a table too, whose first cells are no single names.
    let targets = cells.compactMap { cell -> (name: String, purpose: String, third: String)? in
      guard cell.count == 5, let match = cell[1].wholeMatch(of: #/\s*`([\w\-]+)`\s*/#) else { return nil }
      return (String(match.1), cell[2], cell[3])
    }
    rows = targets.map { target in
      let all = target.third.contains("everything")
      return Row(target: target.name, mayImport: all ? nil : Set(target.third.matches(of: names).map { String($0.1) }))
    }
    free = Set(targets.filter { $0.purpose.contains("any target may import it") }.map(\.name))
    arrows = document.split(separator: "\n").flatMap { line -> [(from: String, to: String)] in
      guard let match = line.wholeMatch(of: #/\s*([\w\-]+) --> ([\w\-]+(?: & [\w\-]+)*)/#) else { return [] }
      return match.2.split(separator: " & ").map { (String(match.1), String($0)) }
    }
  }

  /// Modules that `target` may import or depend on; nil for all of them, and for a target without a row nothing.
  func allowed(_ target: String) -> Set<String>? {
    guard let row = rows.first(where: { $0.target == target }) else { return [] }
    return row.mayImport.map { $0.union(free).subtracting([target]) }
  }
}
