import CVision

/// How samples between pixels are found.
public enum Interpolation: String, CaseIterable, Codable, Sendable {
  /// Mean over the covered area: for shrinking.
  case area
  case bilinear
  case bicubic
  /// No new values: for masks and labels.
  case nearest

  var code: cv_interpolation {
    switch self {
    case .area: CV_AREA
    case .bilinear: CV_BILINEAR
    case .bicubic: CV_BICUBIC
    case .nearest: CV_NEAREST
    }
  }
}

extension Image {
  /// Quarter turns, clockwise.
  public enum Turn: Int, CaseIterable, Sendable {
    case quarter = 1
    case half = 2
    case threeQuarters = 3
  }

  /// Another size; without a choice, by area where both sides shrink and bilinear otherwise.
  public func resized(width: Int, height: Int, by interpolation: Interpolation? = nil) throws -> Image {
    precondition(width > 0 && height > 0, "the new size must be at least 1 × 1")
    guard width != self.width || height != self.height else { return self }
    let shrinks = width <= self.width && height <= self.height
    let code = (interpolation ?? (shrinks ? .area : .bilinear)).code
    func samples<Sample>(_: Sample.Type) throws -> [Sample] {
      let count = width * height * channels
      return try [Sample](unsafeUninitializedCapacity: count) { buffer, initialized in
        try withView { view in
          guard let out = buffer.baseAddress else { return }
          try VisionError.check { cv_resize(view, Int32(width), Int32(height), code, out, $0) }
        }
        initialized = count
      }
    }
    let resized: Samples = bits == 16 ? .sixteen(try samples(UInt16.self)) : .eight(try samples(UInt8.self))
    return Image(width: width, height: height, channels: channels, samples: resized)
  }

  /// The shorter side becomes `size`, the longer follows in proportion, rounded.
  public func resized(shortSide size: Int, by interpolation: Interpolation? = nil) throws -> Image {
    let new = Self.size(ofWidth: width, height: height, shortSide: size)
    return try resized(width: new.width, height: new.height, by: interpolation)
  }

  static func size(ofWidth width: Int, height: Int, shortSide size: Int) -> (width: Int, height: Int) {
    func scaled(_ side: Int, _ short: Int) -> Int { (2 * side * size + short) / (2 * short) }
    return width <= height ? (size, scaled(height, width)) : (scaled(width, height), size)
  }

  /// - Precondition: `box` lies within the image.
  public func cropped(to box: PixelBox) -> Image {
    precondition(box.lies(withinWidth: width, height: height), "\(box) lies outside of \(width) × \(height)")
    func cut<Sample>(_ samples: [Sample]) -> [Sample] {
      var result: [Sample] = []
      result.reserveCapacity(box.width * box.height * channels)
      for y in box.y..<box.y + box.height {
        let start = (y * width + box.x) * channels
        result.append(contentsOf: samples[start..<start + box.width * channels])
      }
      return result
    }
    let cutSamples: Samples =
      switch samples {
      case .eight(let samples): .eight(cut(samples))
      case .sixteen(let samples): .sixteen(cut(samples))
      }
    return Image(width: box.width, height: box.height, channels: channels, samples: cutSamples)
  }

  /// Mirrored left to right.
  public func flippedHorizontally() throws -> Image { try turned(CV_FLIP_HORIZONTAL) }

  public func flippedVertically() throws -> Image { try turned(CV_FLIP_VERTICAL) }

  public func turned(by turn: Turn) throws -> Image {
    switch turn {
    case .quarter: try turned(CV_QUARTER)
    case .half: try turned(CV_HALF)
    case .threeQuarters: try turned(CV_THREE_QUARTERS)
    }
  }

  /// The eight images that rotations and mirrors make of this one, itself first.
  public func orientations() throws -> [Image] {
    let mirror = try flippedHorizontally()
    return try [self] + Turn.allCases.map { try turned(by: $0) } + [mirror]
      + Turn.allCases.map { try mirror.turned(by: $0) }
  }

  private func turned(_ code: cv_turn) throws -> Image {
    var made = cv_image()
    try withView { view in try VisionError.check { error in cv_turned(view, code, &made, error) } }
    return try Image(taking: &made)
  }
}
