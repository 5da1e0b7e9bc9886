import CVision
import Files
import Foundation

extension Image {
  /// Decodes a whole PNG, JPEG, BMP, TIFF or WebP file, told apart by its first bytes.
  ///
  /// EXIF orientation is applied, alpha dropped, palettes and CMYK become RGB. Grey stays grey and 16 bits stay 16.
  ///
  /// - Parameters:
  ///   - place: what errors call the data: its path.
  ///   - pixelLimit: the most pixels accepted; checked in the header, before anything is decoded.
  /// - Throws: `InputError` for what is no image, is cut off, too large or damaged.
  public init(decoding data: Data, at place: String, pixelLimit: Int = Image.defaultPixelLimit) throws {
    let header = try ImageHeader(of: data, at: place)
    try header.checkSize(limit: pixelLimit, at: place)
    var made = cv_image()
    do {
      try data.withUnsafeBytes { raw in
        guard let base = raw.baseAddress else { throw VisionError("no bytes") }
        let bytes = base.assumingMemoryBound(to: UInt8.self)
        try VisionError.check { error in cv_decode(bytes, raw.count, &made, error) }
      }
      self = try Image(taking: &made)
    } catch let error as VisionError {
      throw InputError(
        at: place, expected: "a readable \(header.format.rawValue.uppercased()) file", found: error.message)
    }
    guard (width, height) == (header.width, header.height) || (width, height) == (header.height, header.width) else {
      throw InputError(
        at: place, expected: "\(header.width) × \(header.height) pixels as its header says",
        found: "\(width) × \(height)")
    }
  }

  /// Reads and decodes a file.
  public init(contentsOf url: URL, pixelLimit: Int = Image.defaultPixelLimit) throws {
    try self.init(decoding: Self.data(of: url), at: url.path, pixelLimit: pixelLimit)
  }

  /// The bytes of a regular file of at most 1 GiB.
  public static func data(of url: URL) throws -> Data {
    let values = try? url.resolvingSymlinksInPath().resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
    guard let values, values.isRegularFile == true else {
      throw InputError(at: url.path, expected: "a file", found: values == nil ? "none" : "something else")
    }
    guard let size = values.fileSize, size <= 1 << 30 else {
      throw InputError(at: url.path, expected: "a file of at most 1 GiB", found: "\(values.fileSize ?? -1) bytes")
    }
    do {
      return try Data(contentsOf: url)
    } catch {
      throw InputError(at: url.path, expected: "a readable file", found: "one that the system does not let be read")
    }
  }
}
