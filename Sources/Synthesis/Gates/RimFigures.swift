import Images

/// How the rim of a mask looks in an image, in units of the image's own unevenness around it.
///
/// A defect that was pasted carries its own picture's brightness, and the jump to the clean image's lies just where the mask
/// ends, or where it was faded out. Real defects are measured by their masks in the same way, so masks that are drawn wide or
/// tight make no difference as long as they are drawn alike.
public struct RimFigures: Equatable, Sendable {
  /// Mean absolute difference between neighbours on the two sides of the mask's border.
  public let rim: Double
  /// Mean difference across the border, inside less outside: negative for what is darker than its surroundings.
  public let step: Double
  /// Mean of the ring just outside of the mask less that of the surface farther out.
  public let halo: Double

  /// The three with their names in provenance.
  public var named: [(name: String, value: Double)] { [("rim", rim), ("step", step), ("halo", halo)] }

  /// The ring just outside of the mask, in pixels from it, and the surface to compare with: blending reaches 8 pixels.
  private static let near = Float(1.5)...4
  private static let far = Float(9)...16
  /// An image that is even to the last bit has no unevenness of its own to compare with.
  private static let leastUnevenness = 0.5

  /// - Parameters:
  ///   - mask: of one defect, in the image's size.
  ///   - box: the smallest around the mask.
  ///   - others: other defects, whose pixels are not looked at; nil for none.
  /// - Returns: nil where nothing lies on one of the border's sides.
  public init?(of image: Image, mask: Mask, box: PixelBox, others: Mask? = nil) throws {
    let reach = Int(Self.far.upperBound) + 2
    let (left, top) = (max(box.x - reach, 0), max(box.y - reach, 0))
    let part = PixelBox(
      x: left, y: top, width: min(box.x + box.width + reach, image.width) - left,
      height: min(box.y + box.height + reach, image.height) - top)
    let grey = try image.cropped(to: part).eightBit().grey().bytes
    let own = mask.cropped(to: part)
    let inside = own.bits
    let hidden = others?.cropped(to: part).bits
    let away = try own.inverted.distances()
    func isSeen(_ pixel: Int) -> Bool { inside[pixel] != 0 || (hidden.map { $0[pixel] == 0 } ?? true) }
    var border = Mean(), steps = Mean(), ring = Mean(), surface = Mean(), nearby = Mean(), uneven = Mean()
    for pixel in grey.indices where isSeen(pixel) {
      let distance = away[pixel]
      if Self.near.contains(distance) { ring.add(Int(grey[pixel])) }
      if Self.far.contains(distance) { surface.add(Int(grey[pixel])) }
      if distance > Self.near.upperBound { nearby.add(Int(grey[pixel])) }
      for (neighbour, isThere) in [
        (pixel + 1, pixel % part.width + 1 < part.width), (pixel + part.width, pixel + part.width < grey.count),
      ] where isThere && isSeen(neighbour) {
        let difference = Int(grey[pixel]) - Int(grey[neighbour])
        if inside[pixel] != inside[neighbour] {
          border.add(abs(difference))
          steps.add(inside[pixel] != 0 ? difference : -difference)
        } else if distance > Self.near.upperBound {
          uneven.add(abs(difference))
        }
      }
    }
    guard let rim = border.value, let step = steps.value else { return nil }
    let unit = max(uneven.value ?? 0, Self.leastUnevenness)
    self.rim = rim / unit
    self.step = step / unit
    // A defect that fills its image leaves no surface far away; then all beyond the ring must do.
    if let ring = ring.value, let surface = surface.value ?? nearby.value {
      halo = (ring - surface) / unit
    } else {
      halo = 0
    }
  }

  private struct Mean {
    private var (sum, count) = (0, 0)
    mutating func add(_ value: Int) {
      sum += value
      count += 1
    }
    var value: Double? { count == 0 ? nil : Double(sum) / Double(count) }
  }
}
