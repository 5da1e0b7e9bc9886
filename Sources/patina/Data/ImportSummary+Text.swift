import Datasets

extension ImportSummary {
  /// For people.
  func text(destination: String) -> String {
    func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }
    let what = counted(images, "image", "images") + " in " + counted(groups, "group", "groups")
    var lines = ["\(what) → \(destination)"]
    if isUpToDate { lines[0] = "Up to date, nothing done: " + lines[0] }
    for (name, count) in classes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("  \(name): \(count)")
    }
    let labels = [
      (masks, "mask", "masks"), (boxes, "box", "boxes"),
      (wholeLabels, "label of a whole image", "labels of whole images"),
    ].filter { $0.0 > 0 }
    if !labels.isEmpty { lines.append("With " + labels.map(counted).joined(separator: ", ")) }
    if !splits.isEmpty {
      lines.append(
        "Split as found: " + splits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
    lines += notes.map { "Note: \($0)" }
    func list(_ title: String, _ sets: [[String]]) {
      guard !sets.isEmpty else { return }
      lines.append("\(title): \(sets.count)")
      lines += sets.prefix(10).map { "  " + $0.joined(separator: " = ") }
      if sets.count > 10 { lines.append("  and \(sets.count - 10) more (--json lists all)") }
    }
    list("Files that occur more than once", duplicates)
    list("Images that show the same, maybe turned or mirrored", lookalikes)
    if !problems.isEmpty {
      lines.append("Left out: \(problems.count)")
      lines += problems.prefix(20).map { "  \($0)" }
      if problems.count > 20 { lines.append("  and \(problems.count - 20) more (--json lists all)") }
    }
    return lines.joined(separator: "\n")
  }
}
