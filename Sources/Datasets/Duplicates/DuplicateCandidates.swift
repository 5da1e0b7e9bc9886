/// Finds the few pairs of images that may be copies without comparing each with each: those that agree in one part of
/// their hash (multi-index hashing, Norouzi et al. 2012, with the least certain signs tried both ways, Lv et al. 2007).
///
/// Ten thousand images take some hundred look-ups each in buckets that hold an image or two; only what meets there is compared.
struct DuplicateCandidates {
  /// `second` lies as `first` when it is turned by `orientation`.
  struct Pair: Sendable, Hashable {
    let first: Int
    let second: Int
    let orientation: Orientation
    /// Correlation of the thumbnails.
    let likeness: Float
  }

  private let signatures: [ImageSignature]
  /// For each band, the images in the order of their part of the hash, and where each part begins.
  private let buckets: [(starts: [Int32], members: [Int32])]

  /// - Parameter signatures: images without details take no part.
  init(_ signatures: [ImageSignature], threads: Int) {
    self.signatures = signatures
    let hashes = parallelMap(count: signatures.count, threads: threads) { index in
      signatures[index].norm > 0 ? DetailHash(of: signatures[index].details).bands : []
    }
    buckets = (0..<DetailHash.bandCount).map { band in
      var starts = [Int32](repeating: 0, count: (1 << 16) + 1)
      for bands in hashes where !bands.isEmpty { starts[Int(bands[band]) + 1] += 1 }
      for part in 1...1 << 16 { starts[part] += starts[part - 1] }
      var next = starts
      var members = [Int32](repeating: 0, count: Int(starts[1 << 16]))
      for (index, bands) in hashes.enumerated() where !bands.isEmpty {
        members[Int(next[Int(bands[band])])] = Int32(index)
        next[Int(bands[band])] += 1
      }
      return (starts, members)
    }
  }

  /// All pairs found whose thumbnails correlate at least so well, in order; each in its best orientation.
  func pairs(above least: Float, threads: Int) -> [Pair] {
    // Some hundred images at a time, so that the marks of what was met are made seldom.
    let step = 256
    let found = parallelMap(count: (signatures.count + step - 1) / step, threads: threads) { part in
      var met = [Int32](repeating: -1, count: signatures.count * 8)
      return (part * step..<min((part + 1) * step, signatures.count)).flatMap { index in
        pairs(of: index, above: least, met: &met)
      }
    }
    return Array(found.joined())
  }

  /// Pairs of an image with images before it.
  ///
  /// - Parameter met: for each image and orientation, the last image with which it was compared.
  private func pairs(of index: Int, above least: Float, met: inout [Int32]) -> [Pair] {
    let own = signatures[index]
    guard own.norm > 0 else { return [] }
    var best: [Int: Pair] = [:]
    let hash = DetailHash(of: own.details)
    for orientation in Orientation.all {
      for (band, parts) in hash.probes(turnedBy: orientation).enumerated() {
        let (starts, members) = buckets[band]
        for part in parts {
          for place in starts[Int(part)]..<starts[Int(part) + 1] {
            let other = Int(members[Int(place)])
            // Members of a bucket stand in order.
            if other >= index { break }
            let mark = other * 8 + orientation.index
            guard met[mark] != Int32(index) else { continue }
            met[mark] = Int32(index)
            guard signatures[other].hasProportions(of: own, turnedBy: orientation) else { continue }
            let likeness = signatures[other].correlation(with: own, turnedBy: orientation)
            guard likeness >= least, likeness > best[other]?.likeness ?? -1 else { continue }
            best[other] = Pair(first: other, second: index, orientation: orientation, likeness: likeness)
          }
        }
      }
    }
    return best.values.sorted { $0.first < $1.first }
  }
}
