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
    self = try EncodedImage(data, at: place, pixelLimit: pixelLimit).decoded()
  }

  /// Reads and decodes a file.
  public init(contentsOf url: URL, pixelLimit: Int = Image.defaultPixelLimit) throws {
    try self.init(decoding: Self.data(of: url), at: url.path, pixelLimit: pixelLimit)
  }

  /// The bytes of a regular file of at most 1 GiB.
  public static func data(of url: URL) throws -> Data { try FileBytes.all(of: url.path) }
}
