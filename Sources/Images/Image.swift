import CVision

/// Pixels as a value: rows from the top, interleaved samples, grey or RGB, 8 or 16 bits.
public struct Image: Equatable, Sendable {
  /// Samples in row order: `height × width × channels` of them.
  public enum Samples: Equatable, Sendable {
    case eight([UInt8])
    case sixteen([UInt16])

    public var count: Int {
      switch self {
      case .eight(let samples): samples.count
      case .sixteen(let samples): samples.count
      }
    }
  }

  /// The most pixels (width × height) that reading accepts unless told otherwise: 100 million.
  public static let defaultPixelLimit = 100_000_000

  public let width: Int
  public let height: Int
  /// 1 (grey) or 3 (RGB).
  public let channels: Int
  public let samples: Samples

  /// 8 or 16.
  public var bits: Int {
    switch samples {
    case .eight: 8
    case .sixteen: 16
    }
  }

  /// - Precondition: at least 1 × 1, 1 or 3 channels, and exactly as many samples as that makes.
  public init(width: Int, height: Int, channels: Int, samples: Samples) {
    precondition(width > 0 && height > 0, "an image is at least 1 × 1, not \(width) × \(height)")
    precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels, not \(channels)")
    precondition(
      samples.count == width * height * channels,
      "\(width) × \(height) × \(channels) samples expected, \(samples.count) given")
    self.width = width
    self.height = height
    self.channels = channels
    self.samples = samples
  }

  public init(width: Int, height: Int, channels: Int = 1, bytes: [UInt8]) {
    self.init(width: width, height: height, channels: channels, samples: .eight(bytes))
  }

  /// One value everywhere.
  public init(width: Int, height: Int, channels: Int = 1, filledWith value: UInt8) {
    self.init(
      width: width, height: height, channels: channels,
      bytes: Array(repeating: value, count: width * height * channels))
  }

  /// The samples in 8 bits, interleaved: [H, W, C]. 16-bit samples keep their upper 8 bits.
  public var bytes: [UInt8] {
    switch samples {
    case .eight(let samples): samples
    case .sixteen(let samples): samples.map { UInt8($0 >> 8) }
    }
  }

  /// One sample, 0 ... 255 or 0 ... 65535.
  public subscript(x: Int, y: Int, channel: Int = 0) -> Int {
    precondition(
      x >= 0 && x < width && y >= 0 && y < height && channel >= 0 && channel < channels,
      "(\(x), \(y), \(channel)) lies outside of \(width) × \(height) × \(channels)")
    let index = (y * width + x) * channels + channel
    switch samples {
    case .eight(let samples): return Int(samples[index])
    case .sixteen(let samples): return Int(samples[index])
    }
  }

  /// Mean of all samples, 0 ... 1.
  public var brightness: Double {
    switch samples {
    case .eight(let samples):
      return Double(samples.reduce(0) { $0 + Int($1) }) / Double(samples.count) / 255
    case .sixteen(let samples):
      return Double(samples.reduce(0) { $0 + Int($1) }) / Double(samples.count) / 65535
    }
  }

  /// Lends the pixels to `CVision`.
  func withView<Result>(_ body: (cv_view) throws -> Result) throws -> Result {
    func lent(_ buffer: UnsafeRawBufferPointer) throws -> Result {
      guard let base = buffer.baseAddress else { throw VisionError("an image without samples") }
      return try body(
        cv_view(
          samples: base, width: Int32(width), height: Int32(height), channels: Int32(channels), bits: Int32(bits)))
    }
    switch samples {
    case .eight(let samples): return try samples.withUnsafeBytes { try lent($0) }
    case .sixteen(let samples): return try samples.withUnsafeBytes { try lent($0) }
    }
  }

  /// Takes over what `CVision` made, and frees it.
  init(taking made: inout cv_image) throws {
    defer { cv_image_free(&made) }
    guard let base = made.samples, made.width > 0, made.height > 0, made.channels == 1 || made.channels == 3 else {
      throw VisionError("no pixels, or \(made.channels) channels, came back")
    }
    let count = Int(made.width) * Int(made.height) * Int(made.channels)
    let samples: Samples
    if made.bits == 16 {
      guard made.byte_count == count * 2 else { throw VisionError("pixels of another size came back") }
      samples = .sixteen(Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt16.self), count: count)))
    } else {
      guard made.byte_count == count else { throw VisionError("pixels of another size came back") }
      samples = .eight(Array(UnsafeBufferPointer(start: base.assumingMemoryBound(to: UInt8.self), count: count)))
    }
    self.init(width: Int(made.width), height: Int(made.height), channels: Int(made.channels), samples: samples)
  }
}
