/// The name that somebody probably meant.
public enum NearestName {
  /// The most similar of `names`, if any is similar at all.
  public static func suggestion(for name: String, among names: [String]) -> String? {
    let wanted = plain(name)
    // Half a name ("batch" for "batch-size") counts as similar.
    if wanted.count >= 3, let match = names.first(where: { plain($0).hasPrefix(wanted) || wanted.hasPrefix(plain($0)) })
    {
      return match
    }
    let nearest = names.map { (name: $0, distance: distance(wanted, plain($0))) }.min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= (wanted.count < 4 ? 1 : max(2, wanted.count / 3)) else { return nil }
    return nearest.name
  }

  private static func plain(_ name: String) -> String { String(name.lowercased().filter { $0 != "-" && $0 != "_" }) }

  /// Levenshtein's distance, on names cut to 64 characters.
  static func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first.prefix(64)), second = Array(second.prefix(64))
    var row = Array(0...second.count)
    for (i, a) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in second.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
        diagonal = above
      }
    }
    return row[second.count]
  }
}
