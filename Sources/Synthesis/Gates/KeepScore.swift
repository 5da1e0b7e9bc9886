/// Which images are the best: those whose figures are the most usual ones, by the mean of their ranks.
///
/// Each figure ranks all images by itself: `changed` by how much of the mask changed, `memory` by how near its distance is to
/// the usual one between real defects, and `rim`, `step` and `halo` by how near they are to the real ones' medians. The score is
/// the mean rank over the figures, 0 for the first of all; equal scores go by number. Scales of figures play no part.
struct KeepScore {
  /// By image; lower is better.
  let scores: [Double]

  /// - Parameter oddities: of each image the figures that count, all with one set of names; lower is better.
  init(_ oddities: [[String: Double]]) {
    var sums = [Double](repeating: 0, count: oddities.count)
    var counts = sums
    for name in Set(oddities.flatMap(\.keys)).sorted() {
      let members = oddities.indices.compactMap { index in oddities[index][name].map { (index, $0) } }
        .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
      var start = 0
      while start < members.count {
        var end = start + 1
        while end < members.count, members[end].1 == members[start].1 { end += 1 }
        // Equal values share the mean of their ranks.
        for member in members[start..<end] {
          sums[member.0] += Double(start + end - 1) / 2
          counts[member.0] += 1
        }
        start = end
      }
    }
    scores = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  /// The images of the best share, at least one, rounded to the nearest number.
  func best(_ share: Double) -> Set<Int> {
    let count = max(1, Int((Double(scores.count) * share).rounded()))
    return Set(scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(count))
  }
}
