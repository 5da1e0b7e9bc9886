import Files
import Foundation

/// What a file says of itself before anything is decoded: its format and size, and that its end is there.
///
/// The decoders fill up with grey what a cut-off file lacks, without a word, so the structure is walked to its end here:
/// PNG to IEND, JPEG through every scan to EOI, BMP, TIFF and WebP by the sizes they announce.
public struct ImageHeader: Equatable, Sendable {
  public let format: ImageFormat
  /// Stored size in pixels, before EXIF orientation.
  public let width: Int
  public let height: Int
  /// Channels, 1 or 3, that a JPEG of grey or colours decodes to; nil for ink colours and for other formats.
  public let jpegChannels: Int?

  /// - Throws: `InputError` naming `place` when the bytes are none of the known formats, or are cut off.
  public init(of data: Data, at place: String) throws {
    let expected = "a PNG, JPEG, BMP, TIFF or WebP image"
    guard !data.isEmpty else { throw InputError(at: place, expected: expected, found: "an empty file") }
    guard let format = ImageFormat(magicBytesOf: data) else {
      throw InputError(at: place, expected: expected, found: "other first bytes")
    }
    let size: Size
    var components: Int?
    do {
      size = try data.withUnsafeBytes { raw in
        let reader = ByteReader(bytes: raw)
        switch format {
        case .png: return try Self.png(reader)
        case .jpeg: return try Self.jpeg(reader, &components)
        case .bmp: return try Self.bmp(reader)
        case .tiff: return try TIFFHeader.size(reader)
        case .webp: return try Self.webp(reader)
        }
      }
    } catch let error as ByteReader.Problem {
      throw InputError(at: place, expected: "a whole \(format.rawValue.uppercased()) file", found: error.found)
    }
    guard size.width > 0, size.height > 0 else {
      throw InputError(
        at: place, expected: "at least 1 × 1 pixels", found: "\(size.width) × \(size.height) in the header")
    }
    self.format = format
    width = size.width
    height = size.height
    jpegChannels = components == 1 || components == 3 ? components : nil
  }

  /// - Throws: `InputError` when the header announces more than `limit` pixels.
  public func checkSize(limit: Int, at place: String) throws {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, pixels <= limit else {
      throw InputError(
        at: place, expected: "at most \(limit) pixels", found: "\(width) × \(height) in the header",
        remedy: "Nothing was decoded; cut the image into parts if it truly is that large")
    }
  }

  private typealias Size = (width: Int, height: Int)

  private static func png(_ reader: ByteReader) throws -> (width: Int, height: Int) {
    guard try reader.text(at: 12, count: 4, of: "header") == "IHDR" else {
      throw ByteReader.Problem("a PNG without IHDR")
    }
    let size = (try reader.long(at: 16, of: "header"), try reader.long(at: 20, of: "header"))
    var offset = 8
    while true {
      let length = try reader.long(at: offset, of: "chunks")
      let kind = try reader.text(at: offset + 4, count: 4, of: "chunks")
      try reader.need(length + 12, at: offset, of: kind == "IDAT" ? "pixels" : "chunks")
      if kind == "IEND" { return size }
      offset += length + 12
    }
  }

  private static func jpeg(_ reader: ByteReader, _ components: inout Int?) throws -> (width: Int, height: Int) {
    var size: Size?
    var scans = 0
    var offset = 2
    while true {
      guard try reader.byte(at: offset, of: "segments") == 0xff else {
        throw ByteReader.Problem("no JPEG marker at byte \(offset)")
      }
      while try reader.byte(at: offset + 1, of: "segments") == 0xff { offset += 1 }  // Fill bytes.
      let marker = try reader.byte(at: offset + 1, of: "segments")
      offset += 2
      if marker == 0xd9 {
        guard let size, scans > 0 else { throw ByteReader.Problem("a JPEG that ends before its pixels") }
        return size
      }
      if (0xd0...0xd7).contains(marker) || marker == 0x01 { continue }
      let length = try reader.short(at: offset, of: "segments")
      guard length >= 2 else { throw ByteReader.Problem("a JPEG segment of \(length) bytes") }
      try reader.need(length, at: offset, of: "segments")
      let isFrame = (0xc0...0xcf).contains(marker) && marker != 0xc4 && marker != 0xc8 && marker != 0xcc
      if isFrame {
        // libjpeg goes by the first; a later one could hide its size from us.
        guard size == nil else { throw ByteReader.Problem("a second JPEG frame header") }
        size = (
          try reader.short(at: offset + 5, of: "frame header"), try reader.short(at: offset + 3, of: "frame header")
        )
        components = try reader.byte(at: offset + 7, of: "frame header")
      }
      offset += length
      if marker == 0xda {
        scans += 1
        offset = try endOfScan(reader, from: offset)
      }
    }
  }

  /// The offset of the marker that ends a scan: within it 0xff is followed by 0 (stuffing) or a restart marker.
  private static func endOfScan(_ reader: ByteReader, from start: Int) throws -> Int {
    var offset = start
    while offset + 1 < reader.count {
      guard let base = reader.bytes.baseAddress,
        let found = memchr(base + offset, 0xff, reader.count - 1 - offset)
      else { break }
      offset = UnsafeRawPointer(found) - base
      let next = reader.bytes[offset + 1]
      if next == 0xff {
        offset += 1
      } else if next == 0 || (0xd0...0xd7).contains(next) {
        offset += 2
      } else {
        return offset
      }
    }
    throw ByteReader.Problem("a file cut off within its pixels, at \(reader.count) bytes")
  }

  private static func bmp(_ big: ByteReader) throws -> (width: Int, height: Int) {
    let reader = ByteReader(bytes: big.bytes, isBigEndian: false)
    let pixels = try reader.long(at: 10, of: "header")
    let headerSize = try reader.long(at: 14, of: "header")
    if headerSize == 12 {  // OS/2's first header: 16-bit numbers.
      let size = (try reader.short(at: 18, of: "header"), try reader.short(at: 20, of: "header"))
      let bits = try reader.short(at: 24, of: "header")
      try reader.need(rowBytes(size.0, bits) * size.1, at: pixels, of: "pixels")
      return size
    }
    guard headerSize >= 40 else { throw ByteReader.Problem("a BMP header of \(headerSize) bytes") }
    let width = try reader.long(at: 18, of: "header")
    let signed = Int(Int32(truncatingIfNeeded: try reader.long(at: 22, of: "header")))
    let height = abs(signed)  // Negative: stored from the top.
    guard width <= Int(Int32.max) else { throw ByteReader.Problem("a BMP of negative width") }
    let bits = try reader.short(at: 28, of: "header")
    let compression = try reader.long(at: 30, of: "header")
    if compression == 0 || compression == 3 {
      let (size, overflow) = rowBytes(width, bits).multipliedReportingOverflow(by: height)
      guard !overflow else { throw ByteReader.Problem("a BMP of \(width) × \(height)") }
      try reader.need(size, at: pixels, of: "pixels")
    } else {
      try reader.need(try reader.long(at: 34, of: "header"), at: pixels, of: "pixels")
    }
    return (width, height)
  }

  private static func rowBytes(_ width: Int, _ bits: Int) -> Int { (width * bits + 31) / 32 * 4 }

  private static func webp(_ big: ByteReader) throws -> (width: Int, height: Int) {
    let reader = ByteReader(bytes: big.bytes, isBigEndian: false)
    try reader.need(try reader.long(at: 4, of: "header"), at: 8, of: "pixels")
    switch try reader.text(at: 12, count: 4, of: "header") {
    case "VP8 ":
      return (
        try reader.short(at: 26, of: "header") & 0x3fff, try reader.short(at: 28, of: "header") & 0x3fff
      )
    case "VP8L":
      let packed = try reader.long(at: 21, of: "header")
      return ((packed & 0x3fff) + 1, (packed >> 14 & 0x3fff) + 1)
    case "VP8X":
      let width = try reader.long(at: 24, of: "header") & 0xffffff
      let height = try reader.long(at: 26, of: "header") >> 8 & 0xffffff
      return (width + 1, height + 1)
    case let other:
      throw ByteReader.Problem("a WebP whose first chunk is '\(other)'")
    }
  }
}
