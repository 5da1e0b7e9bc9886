import CVision

extension Image {
  /// One channel: Y = 0.299 R + 0.587 G + 0.114 B (Rec. 601).
  public func grey() throws -> Image {
    guard channels == 3 else { return self }
    var made = cv_image()
    try withView { view in try VisionError.check { error in cv_grey(view, &made, error) } }
    return try Image(taking: &made)
  }

  /// Three channels; grey is repeated.
  public func colour() -> Image {
    guard channels == 1 else { return self }
    func repeated<Sample>(_ samples: [Sample]) -> [Sample] {
      var result: [Sample] = []
      result.reserveCapacity(samples.count * 3)
      for sample in samples {
        result.append(sample)
        result.append(sample)
        result.append(sample)
      }
      return result
    }
    switch samples {
    case .eight(let samples):
      return Image(width: width, height: height, channels: 3, samples: .eight(repeated(samples)))
    case .sixteen(let samples):
      return Image(width: width, height: height, channels: 3, samples: .sixteen(repeated(samples)))
    }
  }

  /// 8 bits: `window` is spread linearly over 0 ... 255, rounded to the nearest, and what lies outside is clipped.
  ///
  /// Images of 8 bits are returned as they are.
  public func eightBit(window: ClosedRange<Int> = 0...65535) -> Image {
    precondition(
      window.lowerBound >= 0 && window.upperBound <= 65535 && window.count > 1,
      "a window lies within 0 ... 65535 and holds at least two values")
    guard case .sixteen(let values) = samples else { return self }
    let span = window.upperBound - window.lowerBound
    let bytes = values.map { value -> UInt8 in
      let clipped = min(max(Int(value), window.lowerBound), window.upperBound) - window.lowerBound
      return UInt8((clipped * 255 * 2 + span) / (2 * span))
    }
    return Image(width: width, height: height, channels: channels, bytes: bytes)
  }
}
