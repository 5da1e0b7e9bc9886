import Images

/// How colourful an image is, from its red, green and blue values; all 0 for a grey one.
struct ColourStatistics: Sendable, Equatable {
  /// Mean of the largest minus the smallest of the three, 0 ... 1.
  private(set) var saturation = 0.0
  /// Mean red minus mean green, and mean blue minus mean green, -1 ... 1.
  private(set) var redness = 0.0
  private(set) var blueness = 0.0
  /// Whether any pixel has colour at all.
  private(set) var hasColour = false

  /// - Parameter image: 8 bits, of any number of channels.
  init(of image: Image) {
    guard image.channels == 3 else { return }
    var red = 0, green = 0, blue = 0, range = 0
    image.bytes.withUnsafeBufferPointer { samples in
      for start in stride(from: 0, to: samples.count, by: 3) {
        let (r, g, b) = (Int(samples[start]), Int(samples[start + 1]), Int(samples[start + 2]))
        red += r
        green += g
        blue += b
        range += max(r, max(g, b)) - min(r, min(g, b))
      }
    }
    let full = Double(image.width * image.height) * 255
    hasColour = range > 0
    saturation = Double(range) / full
    redness = Double(red - green) / full
    blueness = Double(blue - green) / full
  }
}
