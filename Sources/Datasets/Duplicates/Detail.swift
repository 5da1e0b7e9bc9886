import Images

/// Details of images: what is left without shades and slow changes of brightness, by which a surface can be told from
/// another that merely looks like it.
enum Detail {
  /// Each value less the mean of the 5 × 5 around it; at the borders the outermost values are repeated.
  ///
  /// Shapes: [H, W] → [H, W].
  static func of(_ values: [Float], width: Int, height: Int) -> [Float] {
    let across = sums(values, count: height, length: width, step: 1, between: width)
    let around = sums(across, count: width, length: height, step: width, between: 1)
    return zip(values, around).map { $0 - $1 / 25 }
  }

  /// Sums of five neighbours along each of `count` lines of `length` values that stand `step` apart.
  private static func sums(_ values: [Float], count: Int, length: Int, step: Int, between: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    values.withUnsafeBufferPointer { from in
      result.withUnsafeMutableBufferPointer { to in
        for line in 0..<count {
          let start = line * between
          for place in 0..<length {
            var sum: Float = 0
            for shift in -2...2 { sum += from[start + min(max(place + shift, 0), length - 1) * step] }
            to[start + place * step] = sum
          }
        }
      }
    }
    return result
  }

  /// Correlation (−1 ... 1) of the details of two images at the size of the smaller, `other` turned by `orientation` first.
  static func correlation(of image: Image, with other: Image, turnedBy orientation: Orientation) throws -> Double {
    let turned = try other.oriented(orientation)
    let (width, height) = (min(image.width, turned.width), min(image.height, turned.height))
    let (one, two) = (try details(image, width, height), try details(turned, width, height))
    var (product, first, second) = (0.0, 0.0, 0.0)
    one.withUnsafeBufferPointer { one in
      two.withUnsafeBufferPointer { two in
        for index in 0..<one.count {
          let (a, b) = (Double(one[index]), Double(two[index]))
          product += a * b
          first += a * a
          second += b * b
        }
      }
    }
    return first > 0 && second > 0 ? product / (first * second).squareRoot() : 0
  }

  private static func details(_ image: Image, _ width: Int, _ height: Int) throws -> [Float] {
    let small = try image.fineGrey().resized(width: width, height: height, by: .area)
    guard case .sixteen(let samples) = small.samples else { throw VisionError("a grey image of 8 bits") }
    return of(samples.map { Float($0) / 257 }, width: width, height: height)
  }
}
