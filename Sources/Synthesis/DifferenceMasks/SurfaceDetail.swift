import Images

/// What two images of a surface have in common beyond light.
enum SurfaceDetail {
  /// Pearson's correlation of what is left of both when their means over surroundings are taken off, over all channels and the
  /// pixels outside of `mask`. 1 where the second has no detail to compare.
  static func correlation(of image: Image, and other: Image, outside mask: Mask) -> Double {
    let (width, height, channels) = (image.width, image.height, image.channels)
    let radius = max(4, min(width, height) / 8)
    let ones = [Float](repeating: 1, count: width * height).boxed(width: width, height: height, radius: radius)
    func detail(_ bytes: [UInt8], _ channel: Int) -> [Float] {
      let values = (0..<width * height).map { Float(bytes[$0 * channels + channel]) }
      let means = values.boxed(width: width, height: height, radius: radius)
      return values.indices.map { values[$0] - means[$0] / ones[$0] }
    }
    let (first, second) = (image.bytes, other.bytes)
    var (both, one, two) = (0.0, 0.0, 0.0)
    for channel in 0..<channels {
      let (a, b) = (detail(first, channel), detail(second, channel))
      for pixel in a.indices where mask.bits[pixel] == 0 {
        both += Double(a[pixel] * b[pixel])
        one += Double(a[pixel] * a[pixel])
        two += Double(b[pixel] * b[pixel])
      }
    }
    guard two > 1e-3 else { return 1 }
    return one > 1e-3 ? both / (one * two).squareRoot() : 0
  }
}
