import Files

/// Sets of images that show the same, maybe turned, mirrored, or stored in another file.
struct CopySearch {
  /// Positions of images, ascending; the sets by their first image.
  let exact: [[Int]]

  init(_ survey: Survey) {
    var byKey: [ContentDigest: [Int]] = [:]
    for (index, facts) in survey.readable { byKey[facts.contentKey, default: []].append(index) }
    exact = byKey.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
  }
}
