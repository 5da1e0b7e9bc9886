import Datasets
import Images

/// Puts a real defect onto a clean image, with a seam that shows as little as can be.
///
/// What is pasted reaches `margin` pixels beyond the mask, where the source still shows clean surface: a seam along the mask's
/// border would mark exactly what a classifier is to learn, and it would learn the seam. The label remains the mask alone.
/// Pixels that are not of the source's surface, or show another of its defects, are left out. Before Poisson blending the
/// source is brought to the clean image's brightness, so that contrasts fit. Beyond the margin every pixel is the clean
/// image's own.
public struct CopyPaste: Equatable, Sendable {
  /// How the pasted pixels are joined with the clean ones.
  public enum Blend: String, CaseIterable, Codable, Sendable {
    /// The defect's gradients on the clean image's brightness (Pérez, Gangnet and Blake, SIGGRAPH 2003).
    case poisson
    /// As `poisson`, but where the clean image's gradients are steeper they remain.
    case mixed
    /// The defect as it is within the mask, faded out around it.
    case feather
    /// The pixels of the mask, nothing else.
    case none
  }

  public let blend: Blend
  /// How many pixels beyond the mask change.
  public let margin: Int

  /// Changes whenever the same seed would give other pixels.
  public static let version = 1
  /// Over so many pixels the pasted fades into the clean: OpenCV's solution meets the clean image at the box around the
  /// pasted region, not at its border.
  private static let fade: Float = 4
  /// Pictures that are darker or brighter by more are brought nearer by so much only.
  private static let mostGain = 3.0

  public init(_ blend: Blend) {
    self.blend = blend
    switch blend {
    // OpenCV takes the source's gradients from 3 pixels within the region on.
    case .poisson, .mixed: margin = 8
    case .feather: margin = 4
    case .none: margin = 0
    }
  }

  /// - Parameters:
  ///   - placement: on an image of the size of `clean`.
  ///   - source: the picture that the placement's shape was cut from.
  ///   - clean: 16 bits lose their lower 8, as all that is synthetic has 8.
  ///   - surface: of the clean image.
  /// - Returns: 8 bits, channels as `clean`.
  /// - Precondition: the placement's shape is of an image, and placed on one of this size.
  public func paste(
    _ placement: DefectPlacement, from source: PasteSource, onto clean: Image, surface: Surface
  ) throws -> Image {
    guard let map = placement.sourceMap else { preconditionFailure("a drawn shape has no pixels to paste") }
    precondition(
      placement.mask.width == clean.width && placement.mask.height == clean.height,
      "a defect is pasted onto an image of the size that it was placed on")
    let clean = clean.eightBit()
    // What changes, and two pixels around it, so that the region's border lies within wherever the image goes on.
    let around = placement.box.grown(by: margin + 2, inWidth: clean.width, height: clean.height)
    let part = Part(
      mask: placement.mask.cropped(to: around), target: clean.cropped(to: around),
      map: map.after(movingBy: around.x, around.y))
    let pixels = clean.channels == 1 ? try source.image.eightBit().grey() : source.image.eightBit().colour()
    let pasted = try pixels.warped(by: part.map, width: around.width, height: around.height)
    let usable = source.usable.warped(by: part.map, width: around.width, height: around.height)
    let (new, weights) = try blended(pasted, part, usable, region(of: part, surface, around))
    return clean.replacing(around, with: part.target.mixed(with: new, weights))
  }

  /// The part of the clean image that is worked on.
  private struct Part {
    let mask: Mask
    let target: Image
    /// From its pixels to the source's.
    let map: AffineMap
  }

  /// The mask, and around it what lies within the margin, as far as the clean image's surface goes.
  private func region(of part: Part, _ surface: Surface, _ around: PixelBox) throws -> Mask {
    let near = try part.mask.dilated(by: Double(margin))
    let isSurface = (around.x..<around.x + around.width).map { surface.shows(column: $0) }
    let bits = near.bits.indices.map { index in
      part.mask.bits[index] | (isSurface[index % around.width] ? near.bits[index] : 0)
    }
    return Mask(width: around.width, height: around.height, bits: bits)
  }

  /// The pasted pixels as the clean image's light would show them: multiplied so that the usable surface around the mask is
  /// as bright as the clean surface there. Light multiplies, so a crack on a dark picture has little contrast and must gain.
  ///
  /// What is not usable (another defect, what lies beyond the source's edge) is the clean image itself: a defect that ends
  /// at the edge of its picture then ends with an edge, where blending would wash it out against nothing.
  private func relit(_ pasted: Image, _ part: Part, _ usable: Mask, _ region: Mask) -> Image {
    let (channels, old, clean) = (pasted.channels, pasted.bytes, part.target.bytes)
    var (source, target) = (0, 0)
    for index in region.bits.indices
    where region.bits[index] & usable.bits[index] != 0 && part.mask.bits[index] == 0 {
      for channel in 0..<channels {
        source += Int(old[index * channels + channel])
        target += Int(clean[index * channels + channel])
      }
    }
    let gain =
      source > 0 && target > 0 ? min(max(Double(target) / Double(source), 1 / Self.mostGain), Self.mostGain) : 1
    let bytes = old.indices.map { index -> UInt8 in
      let pixel = index / channels
      guard part.mask.bits[pixel] | usable.bits[pixel] != 0 else { return clean[index] }
      return UInt8(min((Double(old[index]) * gain).rounded(), 255))
    }
    return Image(width: pasted.width, height: pasted.height, channels: channels, bytes: bytes)
  }

  /// The pixels to put, and how much of each is put: 1 within the mask.
  private func blended(
    _ pasted: Image, _ part: Part, _ usable: Mask, _ region: Mask
  ) throws -> (image: Image, weights: [Float]) {
    switch blend {
    case .none: return (pasted, part.mask.bits.map(Float.init))
    case .feather:
      // Only what is usable fades out; towards what is not, it fades sooner.
      let known = zip(region.bits, usable.bits).map { $0 & $1 }
      let faded = Mask(width: region.width, height: region.height, bits: zip(known, part.mask.bits).map { $0 | $1 })
      let (away, inside) = (try part.mask.inverted.distances(), try faded.distances())
      let reach = Float(margin + 1)
      return (
        pasted,
        part.mask.bits.indices.map { index in
          part.mask.bits[index] != 0
            ? 1 : faded.bits[index] == 0 ? 0 : min(1 - away[index] / reach, inside[index] / reach)
        }
      )
    case .poisson, .mixed:
      let cloned = try relit(pasted, part, usable, region).cloned(
        into: part.target, mask: region, blend == .mixed ? .mixed : .normal)
      let inside = try region.distances()
      return (
        cloned,
        part.mask.bits.indices.map { part.mask.bits[$0] != 0 ? 1 : min(inside[$0] / Self.fade, 1) }
      )
    }
  }
}

extension PixelBox {
  /// With so many pixels more to each side, as far as the image goes.
  fileprivate func grown(by margin: Int, inWidth width: Int, height: Int) -> PixelBox {
    let (left, top) = (max(x - margin, 0), max(y - margin, 0))
    return PixelBox(
      x: left, y: top, width: min(x + self.width + margin, width) - left,
      height: min(y + self.height + margin, height) - top)
  }
}

extension Image {
  /// This image where the weight is 0, the other where it is 1, and in between in proportion; 8 bits.
  fileprivate func mixed(with other: Image, _ weights: [Float]) -> Image {
    var bytes = bytes
    let new = other.bytes
    for index in bytes.indices {
      let weight = weights[index / channels]
      guard weight > 0 else { continue }
      let old = Float(bytes[index])
      bytes[index] = weight >= 1 ? new[index] : UInt8((old + weight * (Float(new[index]) - old)).rounded())
    }
    return Image(width: width, height: height, channels: channels, bytes: bytes)
  }

  /// - Precondition: 8 bits; `part` is as large as the box.
  fileprivate func replacing(_ box: PixelBox, with part: Image) -> Image {
    var bytes = bytes
    let (row, new) = (box.width * channels, part.bytes)
    for y in 0..<box.height {
      let start = ((box.y + y) * width + box.x) * channels
      bytes.replaceSubrange(start..<start + row, with: new[y * row..<(y + 1) * row])
    }
    return Image(width: width, height: height, channels: channels, bytes: bytes)
  }
}
