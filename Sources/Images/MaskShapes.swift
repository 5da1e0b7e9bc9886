import CVision

extension Mask {
  /// A mask whose pixels lie where `map` says in this one: each is what the nearest pixel is, and unset outside.
  ///
  /// Its area is that of this mask times the map's scale, whatever the shape, up to chance: taking the nearest pixel counts
  /// the points of a lattice, where a threshold on values in between would make thin shapes vanish.
  public func warped(by map: AffineMap, width: Int, height: Int) -> Mask {
    var result = [UInt8](repeating: 0, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let place = map(Double(x), Double(y))
        let (column, row) = (place.x.rounded(), place.y.rounded())
        guard column >= 0, row >= 0, column < Double(self.width), row < Double(self.height) else { continue }
        result[y * width + x] = bits[Int(row) * self.width + Int(column)]
      }
    }
    return Mask(width: width, height: height, bits: result)
  }

  /// For each pixel the distance in pixels to the nearest one that is not set, 0 for those: [H, W]. Beyond the image nothing
  /// counts; where all pixels are set, the numbers are large.
  public func distances() throws -> [Float] {
    var result = [Float](repeating: 0, count: width * height)
    try result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      try Image(width: width, height: height, bytes: bits).withView { view in
        try VisionError.check { cv_distances(view, base, $0) }
      }
    }
    return result
  }

  /// The pixels that are not set.
  public var inverted: Mask { Mask(width: width, height: height, bits: bits.map { 1 - $0 }) }

  /// The pixels not farther than `reach` pixels from one that is set.
  public func dilated(by reach: Double) throws -> Mask {
    guard !isEmpty else { return self }
    return Mask(width: width, height: height, bits: try inverted.distances().map { Double($0) <= reach ? 1 : 0 })
  }
}
