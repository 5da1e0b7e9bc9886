import CVision
import Files
import Foundation

/// An image file in memory whose header has been checked: its pixels are decoded no farther than they are asked for.
public struct EncodedImage: Sendable {
  /// Format and stored size.
  public let header: ImageHeader
  /// What errors call it: its path.
  public let place: String
  private let data: Data

  /// - Parameter pixelLimit: the most pixels accepted, by what the header says.
  /// - Throws: `InputError` for what is no image, is cut off or too large.
  public init(_ data: Data, at place: String, pixelLimit: Int = Image.defaultPixelLimit) throws {
    header = try ImageHeader(of: data, at: place)
    try header.checkSize(limit: pixelLimit, at: place)
    self.data = data
    self.place = place
  }

  /// Reads a file.
  public init(contentsOf path: String, pixelLimit: Int = Image.defaultPixelLimit) throws {
    try self.init(FileBytes.all(of: path), at: path, pixelLimit: pixelLimit)
  }

  /// The whole image as `Image(decoding:)` describes it.
  ///
  /// - Throws: `InputError` for a damaged file.
  public func decoded() throws -> Image { try header.jpegChannels.flatMap(samples) ?? decodedByOpenCV() }

  /// The whole image in 8 bits and with `channels` channels, 1 or 3.
  ///
  /// - Throws: `InputError` for a damaged file.
  public func decoded(channels: Int) throws -> Image {
    if header.jpegChannels != nil, let image = samples(channels) { return image }
    let image = try decodedByOpenCV().eightBit()
    return channels == 1 ? try image.grey() : image.colour()
  }

  /// Decodes what lies in `box` alone, and writes it as `Image.writePlanes` does: the same numbers, with no copy between.
  ///
  /// - Parameters:
  ///   - box: within the stored size.
  ///   - channels: 1 or 3, whatever the file has.
  /// - Returns: false, with anything in `planes`, for a file that must be decoded whole: it is no JPEG, it is one that lies
  ///   on its side or has ink colours, or it is damaged.
  public func writePlanes(
    of box: PixelBox, channels: Int, mirrored: Bool, into planes: UnsafeMutableBufferPointer<Float>
  ) -> Bool {
    precondition(box.lies(withinWidth: header.width, height: header.height), "\(box) lies outside of \(header)")
    precondition(planes.count == box.width * box.height * channels, "planes of another size")
    guard header.jpegChannels != nil, let out = planes.baseAddress else { return false }
    return withBytes { cv_jpeg_planes($0, $1, box.part, Int32(channels), mirrored, out) } ?? false
  }

  /// By OpenCV alone: what every other way is measured by.
  func decodedByOpenCV() throws -> Image {
    var made = cv_image()
    let image: Image
    do {
      _ = try withBytes { bytes, count in try VisionError.check { cv_decode(bytes, count, &made, $0) } }
      image = try Image(taking: &made)
    } catch let error as VisionError {
      throw InputError(
        at: place, expected: "a readable \(header.format.rawValue.uppercased()) file", found: error.message)
    }
    let (width, height) = (image.width, image.height)
    guard (width, height) == (header.width, header.height) || (width, height) == (header.height, header.width) else {
      throw InputError(
        at: place, expected: "\(header.width) × \(header.height) pixels as its header says",
        found: "\(width) × \(height)")
    }
    return image
  }

  /// A JPEG's pixels by libjpeg alone; nil when only OpenCV can tell.
  private func samples(_ channels: Int) -> Image? {
    let count = header.width * header.height * channels
    var isDone = false
    let samples = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let out = buffer.baseAddress else { return }
      isDone =
        withBytes { cv_jpeg_samples($0, $1, Int32(header.width), Int32(header.height), Int32(channels), out) } ?? false
      initialized = isDone ? count : 0
    }
    guard isDone else { return nil }
    return Image(width: header.width, height: header.height, channels: channels, bytes: samples)
  }

  private func withBytes<Result>(_ body: (UnsafePointer<UInt8>, Int) throws -> Result) rethrows -> Result? {
    try data.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else { return nil }
      return try body(base.assumingMemoryBound(to: UInt8.self), raw.count)
    }
  }
}
