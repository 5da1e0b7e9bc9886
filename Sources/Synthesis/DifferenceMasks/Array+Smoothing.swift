/// Planes of numbers, [H, W].
extension [Float] {
  /// By ¼, ½, ¼ along both axes; at the edges the nearest pixel stands for what is missing.
  func smoothed3x3(width: Int, height: Int) -> [Float] {
    let across = indices.map { index -> Float in
      let x = index % width
      return (self[x > 0 ? index - 1 : index] + 2 * self[index] + self[x < width - 1 ? index + 1 : index]) / 4
    }
    return indices.map { index -> Float in
      let y = index / width
      let (up, down) = (y > 0 ? index - width : index, y < height - 1 ? index + width : index)
      return (across[up] + 2 * across[index] + across[down]) / 4
    }
  }

  /// The largest number in 5 × 5 pixels.
  func largestNearby(width: Int, height: Int) -> [Float] {
    let across = indices.map { index -> Float in
      let (x, start) = (index % width, index - index % width)
      return self[start + Swift.max(x - 2, 0)...start + Swift.min(x + 2, width - 1)].max() ?? 0
    }
    return indices.map { index -> Float in
      let (x, y) = (index % width, index / width)
      return (Swift.max(y - 2, 0)...Swift.min(y + 2, height - 1)).reduce(0) { Swift.max($0, across[$1 * width + x]) }
    }
  }

  /// Means over squares of 2 × radius + 1 pixels, twice, which is near a cone; outside counts as 0.
  func boxed(width: Int, height: Int, radius: Int) -> [Float] {
    var plane = self
    for _ in 0..<2 {
      plane = plane.boxedAlong(count: width, step: 1, lines: height, apart: width, radius: radius)
      plane = plane.boxedAlong(count: height, step: width, lines: width, apart: 1, radius: radius)
    }
    return plane
  }

  private func boxedAlong(count: Int, step: Int, lines: Int, apart: Int, radius: Int) -> [Float] {
    var result = self
    let scale = 1 / Double(2 * radius + 1)
    for line in 0..<lines {
      let start = line * apart
      var sum = 0.0
      for place in 0..<Swift.min(radius, count) { sum += Double(self[start + place * step]) }
      for place in 0..<count {
        if place + radius < count { sum += Double(self[start + (place + radius) * step]) }
        if place - radius > 0 { sum -= Double(self[start + (place - radius - 1) * step]) }
        result[start + place * step] = Float(sum * scale)
      }
    }
    return result
  }

  /// The median of sizes up to 256, to a 256th.
  var medianSize: Float {
    var histogram = [Int](repeating: 0, count: 1 << 16)
    for value in self { histogram[Swift.min(Int(abs(value) * 256), histogram.count - 1)] += 1 }
    var left = (count + 1) / 2
    for (bin, number) in histogram.enumerated() {
      left -= number
      if left <= 0 { return (Float(bin) + 0.5) / 256 }
    }
    return 0
  }
}
