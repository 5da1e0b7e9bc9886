extension Image {
  /// RGB with the border of `mask` drawn around its pixels in one colour; the pixels within stay visible.
  ///
  /// - Precondition: image and mask have one size.
  public func outlining(_ mask: Mask, red: UInt8 = 255, green: UInt8 = 40, blue: UInt8 = 0) -> Image {
    precondition(width == mask.width && height == mask.height, "image and mask have one size")
    var bytes = eightBit().colour().bytes
    for y in 0..<height {
      for x in 0..<width where !mask[x, y] {
        let touches =
          (x > 0 && mask[x - 1, y]) || (x + 1 < width && mask[x + 1, y]) || (y > 0 && mask[x, y - 1])
          || (y + 1 < height && mask[x, y + 1])
        guard touches else { continue }
        let index = (y * width + x) * 3
        bytes[index] = red
        bytes[index + 1] = green
        bytes[index + 2] = blue
      }
    }
    return Image(width: width, height: height, channels: 3, bytes: bytes)
  }
}
