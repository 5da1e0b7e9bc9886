import CVision

extension Image {
  /// How Poisson blending chooses gradients.
  public enum Cloning: Sendable {
    /// Those of the source within the mask.
    case normal
    /// The steeper of both, so that the target's texture shows through.
    case mixed
  }

  /// An image whose pixels lie where `map` says in this one: bicubic between pixels, the nearest pixel outside.
  public func warped(by map: AffineMap, width: Int, height: Int) throws -> Image {
    var made = cv_image()
    let numbers = [map.a, map.b, map.c, map.d, map.e, map.f]
    try withView { view in
      try numbers.withUnsafeBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        try VisionError.check { cv_warped(view, base, Int32(width), Int32(height), &made, $0) }
      }
    }
    return try Image(taking: &made)
  }

  /// `target` with what this image shows within `mask`, by Poisson blending (Pérez, Gangnet and Blake, SIGGRAPH 2003) as
  /// OpenCV's `seamlessClone` does it. All pixels within the box of the mask may change.
  ///
  /// - Throws: `VisionError` unless all three have one size, and both images 8 bits and as many channels.
  public func cloned(into target: Image, mask: Mask, _ cloning: Cloning = .normal) throws -> Image {
    var made = cv_image()
    try withView { source in
      try target.withView { target in
        try mask.image.withView { mask in
          try VisionError.check { cv_cloned(source, target, mask, cloning == .mixed, &made, $0) }
        }
      }
    }
    return try Image(taking: &made)
  }
}
