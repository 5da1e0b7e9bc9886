import Images

/// How a made image differs from the clean one, and whether it does so where its mask says.
public struct MaskAgreement: Equatable, Sendable {
  /// Pixels farther from the mask than the reach that are not the clean image's own.
  public let outside: Int
  /// Mean absolute change of the mask's samples as a share of the clean image's mean there.
  public let change: Double
  /// Share of the mask's pixels of which some sample changed by more than a few grey levels.
  public let changed: Double

  /// - Parameters:
  ///   - reach: pixels around the mask that may change.
  ///   - greyLevels: of 255, up to which a change does not count for `changed`.
  /// - Precondition: both images and the mask have one size, the images as many channels, and the mask a pixel.
  public init(of made: Image, to clean: Image, mask: Mask, reach: Int, greyLevels: Int) throws {
    precondition(
      made.width == clean.width && made.height == clean.height && made.channels == clean.channels
        && mask.width == clean.width && mask.height == clean.height && !mask.isEmpty,
      "images and a mask of one size")
    let (new, old, channels) = (made.eightBit().bytes, clean.eightBit().bytes, clean.channels)
    let near = try mask.dilated(by: Double(reach)).bits
    let bits = mask.bits
    var (outside, sum, brightness, changed, area) = (0, 0, 0, 0, 0)
    for pixel in bits.indices {
      let isMask = bits[pixel] != 0
      guard isMask || near[pixel] == 0 else { continue }
      var most = 0
      for sample in pixel * channels..<(pixel + 1) * channels {
        let difference = abs(Int(new[sample]) - Int(old[sample]))
        most = max(most, difference)
        if isMask {
          sum += difference
          brightness += Int(old[sample])
        }
      }
      if isMask {
        area += 1
        changed += most > greyLevels ? 1 : 0
      } else if most > 0 {
        outside += 1
      }
    }
    self.outside = outside
    change = Double(sum) / Double(max(brightness, area * channels))
    self.changed = Double(changed) / Double(area)
  }
}
