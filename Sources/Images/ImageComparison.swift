extension Image {
  /// Fitted into a square without distortion, as a page shows it: 8 bits.
  ///
  /// Images of less than half the side are enlarged pixel by pixel, so that what is seen is what is there.
  public func thumbnail(side: Int) throws -> Image {
    precondition(side > 0, "a thumbnail is at least one pixel wide")
    let scale = Double(side) / Double(max(width, height))
    func scaled(_ length: Int) -> Int { min(side, max(1, Int((Double(length) * scale).rounded()))) }
    return try eightBit().resized(width: scaled(width), height: scaled(height), by: scale >= 2 ? .nearest : nil)
  }

  /// How far each sample lies from another image's, times a factor and clipped: 8 bits, colour where either is colour.
  ///
  /// The other image is brought to this one's size first, stretched where their shapes differ.
  public func difference(from other: Image, times factor: Int) throws -> Image {
    precondition(factor > 0, "a difference is amplified by at least one")
    var (one, two) = (eightBit(), try other.eightBit().resized(width: width, height: height))
    if one.channels != two.channels { (one, two) = (one.colour(), two.colour()) }
    let bytes = zip(one.bytes, two.bytes).map { UInt8(min(255, abs(Int($0) - Int($1)) * factor)) }
    return Image(width: width, height: height, channels: one.channels, bytes: bytes)
  }
}
