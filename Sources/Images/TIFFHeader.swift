/// The first page of a classic TIFF: its size, and that every strip or tile it names lies within the file.
enum TIFFHeader {
  private static let part = "first page"

  static func size(_ source: ByteReader) throws -> (width: Int, height: Int) {
    var reader = source
    reader.isBigEndian = try source.byte(at: 0, of: "header") == 0x4d
    let start = try reader.long(at: 4, of: "header")
    let entries = try reader.short(at: start, of: part)
    var size = (width: 0, height: 0)
    var offsets: [Int] = []
    var lengths: [Int] = []
    for index in 0..<entries {
      let entry = start + 2 + index * 12
      switch try reader.short(at: entry, of: part) {
      case 256: size.width = try numbers(reader, entry).first ?? 0
      case 257: size.height = try numbers(reader, entry).first ?? 0
      case 258:
        // Asked here because OpenCV writes to standard error before it refuses.
        let bits = try numbers(reader, entry)
        guard bits.allSatisfy([1, 4, 8, 16].contains) else { throw ByteReader.Problem("samples of \(bits) bits") }
      case 339:
        guard try numbers(reader, entry).allSatisfy({ $0 == 1 }) else {
          throw ByteReader.Problem("samples that are not whole numbers from 0 on")
        }
      case 273, 324: offsets = try numbers(reader, entry)
      case 279, 325: lengths = try numbers(reader, entry)
      default: break
      }
    }
    guard !offsets.isEmpty, offsets.count == lengths.count else {
      throw ByteReader.Problem("a TIFF with \(offsets.count) strips and \(lengths.count) lengths")
    }
    for (offset, length) in zip(offsets, lengths) { try reader.need(length, at: offset, of: "pixels") }
    return size
  }

  /// The values of an entry of whole numbers, in place or where it points to.
  private static func numbers(_ reader: ByteReader, _ entry: Int) throws -> [Int] {
    let kind = try reader.short(at: entry + 2, of: part)
    let count = try reader.long(at: entry + 4, of: part)
    guard kind == 3 || kind == 4 else { throw ByteReader.Problem("a TIFF whose sizes are of type \(kind)") }
    let unit = kind == 3 ? 2 : 4
    let place = count * unit <= 4 ? entry + 8 : try reader.long(at: entry + 8, of: part)
    try reader.need(count * unit, at: place, of: part)  // Also bounds what is allocated below.
    var values: [Int] = []
    values.reserveCapacity(count)
    for index in 0..<count {
      let offset = place + index * unit
      values.append(kind == 3 ? try reader.short(at: offset, of: part) : try reader.long(at: offset, of: part))
    }
    return values
  }
}
