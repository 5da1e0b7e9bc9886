import Images

/// What one pass over an image's grey values tells of light, borders and compression.
struct PixelStatistics: Sendable {
  /// All in 0 ... 1 of full scale.
  private(set) var mean = 0.0
  private(set) var deviation = 0.0
  private(set) var dark = 0.0
  private(set) var bright = 0.0
  private(set) var blackShare = 0.0
  private(set) var whiteShare = 0.0
  private(set) var leftToRight = 0.0
  private(set) var topToBottom = 0.0
  private(set) var borderDifference = 0.0
  private(set) var borderDeviation = 0.0
  /// The share of columns and rows at the edges whose mean is below `darkLevel`.
  private(set) var darkMargin = 0.0
  private(set) var sharpness = 0.0
  /// Differences across the borders of 8 × 8 blocks over those elsewhere; 1 where there are no blocks.
  private(set) var blockiness = 1.0

  /// Columns of steel strip below this mean are background, as Fast Forward Labs drew the line for Severstal.
  private static let darkLevel = 25.0

  /// - Parameters:
  ///   - image: grey, 8 bits.
  ///   - left: pixels left out of brightness, contrast and percentiles: the marked defects.
  init(of image: Image, leavingOut left: Mask?) {
    let (width, height) = (image.width, image.height)
    var histogram = [Int](repeating: 0, count: 256)
    var columns = [Int](repeating: 0, count: width)
    var rows = [Int](repeating: 0, count: height)
    var across = Steps(), down = Steps()
    image.bytes.withUnsafeBufferPointer { pixels in
      for y in 0..<height {
        let start = y * width
        var sum = 0
        var previous = Int(pixels[start])
        var plain = 0, edge = 0
        for x in 0..<width {
          let value = Int(pixels[start + x])
          sum += value
          columns[x] += value
          histogram[value] += 1
          let step = abs(value - previous)
          if x & 7 == 0 { edge += step } else { plain += step }
          previous = value
        }
        rows[y] = sum
        across.edge += edge
        across.plain += plain
        guard y > 0 else { continue }
        var change = 0
        for x in start..<start + width { change += abs(Int(pixels[x]) - Int(pixels[x - width])) }
        if y & 7 == 0 { down.edge += change } else { down.plain += change }
      }
      if let left { Self.remove(left, of: pixels, from: &histogram) }
    }
    let (edgesAcross, edgesDown) = ((width - 1) / 8, (height - 1) / 8)
    across.finish(edges: edgesAcross * height, plains: (width - 1 - edgesAcross) * height)
    down.finish(edges: edgesDown * width, plains: (height - 1 - edgesDown) * width)
    sharpness = (across.mean + down.mean) / 2 / 255
    blockiness = (across.ratio + down.ratio) / 2
    measureLight(histogram)
    measureSides(columns: columns, rows: rows)
    measureBorder(of: image)
  }

  /// Mean differences of neighbours, at block borders and elsewhere.
  private struct Steps {
    var edge = 0, plain = 0
    private(set) var mean = 0.0, ratio = 1.0

    mutating func finish(edges: Int, plains: Int) {
      if edges + plains > 0 { mean = Double(edge + plain) / Double(edges + plains) }
      // A tenth of a grey level keeps flat images at 1.
      if edges > 0, plains > 0 { ratio = (Double(edge) / Double(edges) + 0.1) / (Double(plain) / Double(plains) + 0.1) }
    }
  }

  /// Takes a mask's pixels out of a histogram, unless hardly anything would remain.
  private static func remove(
    _ mask: Mask, of pixels: UnsafeBufferPointer<UInt8>, from histogram: inout [Int]
  ) {
    guard mask.bits.count == pixels.count, mask.area * 10 <= pixels.count * 9 else { return }
    for (index, bit) in mask.bits.enumerated() where bit != 0 { histogram[Int(pixels[index])] -= 1 }
  }

  private mutating func measureLight(_ histogram: [Int]) {
    let total = histogram.reduce(0, +)
    guard total > 0 else { return }
    let count = Double(total)
    let average = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset * $1.element) } / count
    let variance =
      histogram.enumerated().reduce(0.0) {
        let distance = Double($1.offset) - average
        return $0 + distance * distance * Double($1.element)
      } / count
    mean = average / 255
    deviation = variance.squareRoot() / 255
    func level(_ share: Double) -> Double {
      var passed = 0
      for (value, members) in histogram.enumerated() {
        passed += members
        if Double(passed) >= share * count { return Double(value) / 255 }
      }
      return 1
    }
    dark = level(0.01)
    bright = level(0.99)
    blackShare = Double(histogram[...5].reduce(0, +)) / count
    whiteShare = Double(histogram[250...].reduce(0, +)) / count
  }

  private mutating func measureSides(columns: [Int], rows: [Int]) {
    func difference(_ sums: [Int], _ length: Int) -> Double {
      let half = sums.count / 2
      guard half > 0 else { return 0 }
      let first = sums.prefix(half).reduce(0, +), last = sums.suffix(half).reduce(0, +)
      return Double(last - first) / Double(half * length) / 255
    }
    func margin(_ sums: [Int], _ length: Int) -> Double {
      func isDark(_ sum: Int) -> Bool { Double(sum) < Self.darkLevel * Double(length) }
      let first = sums.prefix(while: isDark).count
      let last = first == sums.count ? 0 : sums.reversed().prefix(while: isDark).count
      return Double(first + last) / Double(sums.count)
    }
    leftToRight = difference(columns, rows.count)
    topToBottom = difference(rows, columns.count)
    darkMargin = max(margin(columns, rows.count), margin(rows, columns.count))
  }

  /// The frame is a twentieth of the shorter side wide, at least one pixel.
  private mutating func measureBorder(of image: Image) {
    let (width, height) = (image.width, image.height)
    let depth = max(1, min(width, height) / 20)
    guard width > 2 * depth, height > 2 * depth else { return }
    var sum = 0, squares = 0, count = 0, all = 0
    image.bytes.withUnsafeBufferPointer { pixels in
      func add(_ range: Range<Int>) {
        for index in range {
          let value = Int(pixels[index])
          sum += value
          squares += value * value
        }
        count += range.count
      }
      for y in 0..<height {
        let start = y * width
        if y < depth || y >= height - depth {
          add(start..<start + width)
        } else {
          add(start..<start + depth)
          add(start + width - depth..<start + width)
        }
      }
      all = pixels.reduce(0) { $0 + Int($1) }
    }
    let average = Double(sum) / Double(count)
    let inside = Double(all - sum) / Double(width * height - count)
    borderDifference = (average - inside) / 255
    borderDeviation = max(0, Double(squares) / Double(count) - average * average).squareRoot() / 255
  }
}
