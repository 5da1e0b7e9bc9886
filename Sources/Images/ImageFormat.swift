import Foundation

/// The file formats that are read, known by their first bytes and never by a file's name.
public enum ImageFormat: String, CaseIterable, Codable, Sendable {
  case png, jpeg, bmp, tiff, webp

  /// The format that the first bytes announce, if any.
  public init?(magicBytesOf data: Data) {
    let start = [UInt8](data.prefix(12))
    func starts(_ bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
    if starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if starts([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if starts([0x42, 0x4d]) {
      self = .bmp
    } else if starts([0x49, 0x49, 42, 0]) || starts([0x4d, 0x4d, 0, 42]) {
      self = .tiff
    } else if starts(Array("RIFF".utf8)), start.dropFirst(8).elementsEqual("WEBP".utf8) {
      self = .webp
    } else {
      return nil
    }
  }

  /// With which files of this format are named, without a dot.
  public var fileExtension: String {
    switch self {
    case .jpeg: "jpg"
    case .tiff: "tiff"
    case .png, .bmp, .webp: rawValue
    }
  }

  /// Extensions (lower case) under which importers look for images; what a file is, its first bytes decide.
  public static let searchedExtensions: Set<String> = ["png", "jpg", "jpeg", "bmp", "tif", "tiff", "webp"]
}
