import Foundation

/// With which quality a JPEG file was written, as far as its tables tell.
enum JPEGQuality {
  /// The luminance table of the standard (ITU-T T.81, Annex K, table K.1) in the order of the file, along the diagonals.
  /// libjpeg scales all entries by one factor and cuts them off at 255.
  private static let standard = [
    16, 11, 12, 14, 12, 10, 16, 14, 13, 14, 18, 17, 16, 19, 24, 40,
    26, 24, 22, 22, 24, 49, 35, 37, 29, 40, 58, 51, 61, 60, 57, 51,
    56, 55, 64, 72, 92, 78, 64, 68, 87, 69, 55, 56, 80, 109, 81, 87,
    95, 98, 103, 104, 103, 62, 77, 113, 121, 112, 100, 120, 92, 101, 103, 99,
  ]

  /// 1 ... 100 as libjpeg counts; nil where the file holds no table before its first scan, or is no JPEG.
  static func estimate(of file: Data) -> Int? {
    file.withUnsafeBytes { bytes -> Int? in
      var offset = 2
      guard bytes.count > 4, bytes[0] == 0xff, bytes[1] == 0xd8 else { return nil }
      while offset + 4 <= bytes.count, bytes[offset] == 0xff {
        let marker = bytes[offset + 1]
        if marker == 0xff {
          offset += 1
          continue
        }
        let length = Int(bytes[offset + 2]) << 8 | Int(bytes[offset + 3])
        guard length >= 2, offset + 2 + length <= bytes.count, marker != 0xda else { return nil }
        if marker == 0xdb, let scale = scale(bytes[(offset + 4)..<(offset + 2 + length)]) {
          return quality(scale: scale)
        }
        offset += 2 + length
      }
      return nil
    }
  }

  /// By how many per cent table 0 (luminance) of a segment was scaled; nil where the segment has none, or nothing but cut-off
  /// entries.
  private static func scale(_ segment: Slice<UnsafeRawBufferPointer>) -> Double? {
    var offset = segment.startIndex
    while offset < segment.endIndex {
      let (wide, number) = (segment[offset] >> 4 != 0, segment[offset] & 15)
      let size = wide ? 128 : 64
      guard offset + 1 + size <= segment.endIndex else { return nil }
      if number == 0 {
        var sum = 0, whole = 0
        for (index, entry) in standard.enumerated() {
          let place = offset + 1 + (wide ? 2 * index : index)
          let value = wide ? Int(segment[place]) << 8 | Int(segment[place + 1]) : Int(segment[place])
          guard value < 255 else { continue }
          sum += value
          whole += entry
        }
        return whole > 0 ? Double(sum) / Double(whole) * 100 : nil
      }
      offset += 1 + size
    }
    return nil
  }

  /// libjpeg's `jpeg_quality_scaling`, backwards.
  private static func quality(scale: Double) -> Int {
    let quality = scale <= 100 ? (200 - scale) / 2 : 5000 / scale
    return min(100, max(1, Int(quality.rounded())))
  }
}
