import CVision

extension Image {
  /// Writes the 8-bit pixels of `box` as a network sees them: p / 127.5 − 1, in [−1, 1], row-major [C, H, W].
  ///
  /// - Parameter mirrored: left to right.
  /// - Precondition: 8 bits, `box` lies within the image, and `planes` has as many elements as it has samples.
  public func writePlanes(of box: PixelBox, mirrored: Bool, into planes: UnsafeMutableBufferPointer<Float>) {
    precondition(box.lies(withinWidth: width, height: height), "\(box) lies outside of \(width) × \(height)")
    precondition(planes.count == box.width * box.height * channels, "planes of another size")
    guard case .eight(let samples) = samples else { preconditionFailure("planes are made of 8 bits") }
    samples.withUnsafeBufferPointer { samples in
      guard let bytes = samples.baseAddress, let out = planes.baseAddress else { return }
      cv_planes(bytes, Int32(width), Int32(channels), box.part, mirrored, out)
    }
  }
}

extension PixelBox {
  /// As `CVision` has it; of a box within an image.
  var part: cv_box { cv_box(x: Int32(x), y: Int32(y), width: Int32(width), height: Int32(height)) }
}
