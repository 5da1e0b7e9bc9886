import Images

/// Where a histogram falls apart into two classes (Otsu, IEEE SMC 1979).
struct Otsu {
  /// Values above it are one class: where the variance between the classes is largest.
  let threshold: Double

  /// Values are counted by halves of a grey level.
  private static let bins = 512

  /// - Parameter values: 0 ... 255; larger ones count as that.
  init(of values: [Float]) {
    var histogram = [Double](repeating: 0, count: Self.bins)
    for value in values { histogram[min(Int(value * 2), Self.bins - 1)] += 1 }
    let count = Double(values.count)
    let mean = histogram.indices.reduce(0) { $0 + Double($1) * histogram[$1] } / count
    var (best, place) = (-1.0, 0)
    var (below, sum) = (0.0, 0.0)
    for bin in 0..<Self.bins - 1 {
      below += histogram[bin] / count
      sum += Double(bin) * histogram[bin] / count
      guard below > 0, below < 1 else { continue }
      let between = (mean * below - sum) * (mean * below - sum) / (below * (1 - below))
      if between > best { (best, place) = (between, bin) }
    }
    threshold = Double(place + 1) / 2
  }

  /// η of a division: the variance between its two classes over all variance. 0 where there is one class, or no variance.
  static func separability(of values: [Float], changed: Mask, within area: Mask) -> Double {
    var (counts, sums, squares) = ([0.0, 0.0], [0.0, 0.0], 0.0)
    for index in values.indices where area.bits[index] != 0 {
      let (value, side) = (Double(values[index]), Int(changed.bits[index]))
      counts[side] += 1
      sums[side] += value
      squares += value * value
    }
    let count = counts[0] + counts[1]
    guard counts[0] > 0, counts[1] > 0 else { return 0 }
    let mean = (sums[0] + sums[1]) / count
    let distance = sums[1] / counts[1] - sums[0] / counts[0]
    let total = squares / count - mean * mean
    guard total > 0 else { return 0 }
    return min(max(counts[0] * counts[1] / (count * count) * distance * distance / total, 0), 1)
  }
}
