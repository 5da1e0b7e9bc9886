import Files
import Images

/// Sets of images that show the same, maybe turned, mirrored, or stored in another file.
struct CopySearch {
  /// An image of a set, by its position, and how it must be turned to lie as the set's first.
  struct Member {
    let index: Int
    let orientation: Orientation
  }

  /// The very same grey values in some orientation. The sets by their first image, members in order.
  let exact: [[Member]]
  /// The same picture saved again, or of another brightness: sets of which not all are exact copies of each other.
  let near: [[Member]]
  /// The same view of what may be one part: sets larger than those above.
  let views: [[Member]]

  init(_ survey: Survey, threads: Int) {
    let readable = survey.readable
    let signatures = readable.map(\.facts.signature)
    var byKey: [ContentDigest: [Int]] = [:]
    for (place, signature) in signatures.enumerated() { byKey[signature.key, default: []].append(place) }
    exact = byKey.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { places in
      places.map { place in
        Member(
          index: readable[place].index,
          orientation: signatures[place].canonical.followed(by: signatures[places[0]].canonical.inverse))
      }
    }
    func clusters(_ likeness: NearDuplicates.Likeness) -> [[Member]] {
      let found = try? NearDuplicates(likeness, threads: threads).clusters(of: signatures) { place in
        try survey.dataset.pixels(of: survey.images[readable[place].index])
      }
      return (found ?? []).filter { $0.members.contains { !$0.isExact } }.map { cluster in
        cluster.members.map { Member(index: readable[$0.index].index, orientation: $0.orientation) }
      }
    }
    near = clusters(.copy)
    let known = Set(near.map { $0.map(\.index) })
    views = clusters(.view).filter { !known.contains($0.map(\.index)) }
  }
}
