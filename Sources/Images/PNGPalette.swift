import Files
import Foundation

/// The colours of a PNG file that stores numbers of colours: decoding gives colours, and the numbers are lost with it.
public struct PNGPalette: Equatable, Sendable {
  /// Red, green and blue by number: `r << 16 | g << 8 | b`.
  public let colours: [Int]

  /// nil for files without a palette, other formats, and what is cut off.
  public init?(of data: Data) {
    guard ImageFormat(magicBytesOf: data) == .png else { return nil }
    let found = data.withUnsafeBytes { raw -> [Int]? in
      let reader = ByteReader(bytes: raw)
      guard (try? reader.byte(at: 25, of: "header")) == 3 else { return nil }
      var offset = 8
      while let length = try? reader.long(at: offset, of: "chunks"),
        let kind = try? reader.text(at: offset + 4, count: 4, of: "chunks"), kind != "IDAT"
      {
        if kind == "PLTE" {
          guard length <= 768, (try? reader.need(length, at: offset + 8, of: "palette")) != nil else { return nil }
          return stride(from: offset + 8, to: offset + 8 + length - 2, by: 3).map {
            Int(raw[$0]) << 16 | Int(raw[$0 + 1]) << 8 | Int(raw[$0 + 2])
          }
        }
        offset += length + 12
      }
      return nil
    }
    guard let found else { return nil }
    colours = found
  }
}
