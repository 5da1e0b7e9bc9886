/// Long curves as short ones.
enum Thinned {
  /// At most `limit` points: means of consecutive stretches of equal length. A stretch that holds anything but finite numbers
  /// has no value, so that a loss that ran away shows as a gap and not as a smooth line.
  static func points(_ points: [(x: Double, y: Double)], to limit: Int) -> [[Double?]] {
    let size = max(1, (points.count + limit - 1) / limit)
    return stride(from: 0, to: points.count, by: size).map { start in
      let stretch = points[start..<min(start + size, points.count)]
      let count = Double(stretch.count)
      let y = stretch.reduce(0) { $0 + $1.y } / count
      return [stretch.reduce(0) { $0 + $1.x } / count, y.isFinite ? y : nil]
    }
  }
}
