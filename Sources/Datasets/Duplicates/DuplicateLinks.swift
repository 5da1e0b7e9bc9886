/// Which images hang together, and how each must be turned to lie as the first of them: a union-find that carries orientations.
struct DuplicateLinks {
  private var parents: [Int]
  /// Turns each image so that it lies as its parent.
  private var turns: [Orientation]

  init(count: Int) {
    parents = Array(0..<count)
    turns = Array(repeating: .identity, count: count)
  }

  /// Says that `image`, turned by `orientation`, lies as `other`.
  ///
  /// Where the two hang together already, maybe in another orientation (for a picture that is symmetric), nothing changes.
  mutating func join(_ image: Int, to other: Int, by orientation: Orientation) {
    let (one, two) = (root(of: image), root(of: other))
    guard one.image != two.image else { return }
    // From the root of `image` back to it, over to `other`, and up to that one's root.
    let across = one.turn.inverse.followed(by: orientation).followed(by: two.turn)
    if one.image > two.image {
      parents[one.image] = two.image
      turns[one.image] = across
    } else {
      parents[two.image] = one.image
      turns[two.image] = across.inverse
    }
  }

  /// The first image of those that hang together with `image`, and the turn to it.
  private mutating func root(of image: Int) -> (image: Int, turn: Orientation) {
    var path: [Int] = []
    var place = image
    while parents[place] != place {
      path.append(place)
      place = parents[place]
    }
    // From the top down, so that each finds its parent's way shortened already.
    for step in path.reversed() where parents[step] != place {
      turns[step] = turns[step].followed(by: turns[parents[step]])
      parents[step] = place
    }
    return (place, path.isEmpty ? .identity : turns[image])
  }

  /// Images that hang together with others, by their first.
  var clusters: [[(index: Int, orientation: Orientation)]] {
    var links = self
    var members: [Int: [(index: Int, orientation: Orientation)]] = [:]
    for index in parents.indices {
      let root = links.root(of: index)
      members[root.image, default: []].append((index, root.turn))
    }
    return members.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map(\.value)
  }
}
