import Foundation

/// With which quality a JPEG file was written, as far as its tables tell.
enum JPEGQuality {
  /// The luminance table of the standard (ITU-T T.81, Annex K, table K.1), row by row; its mean is all that is needed, for
  /// libjpeg scales all entries by one factor.
  private static let standardMean = 57.625

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
        if marker == 0xdb, let mean = firstTable(bytes[(offset + 4)..<(offset + 2 + length)]) {
          return quality(scale: mean / standardMean * 100)
        }
        offset += 2 + length
      }
      return nil
    }
  }

  /// Mean of table 0 (luminance) in a segment of tables; nil where it has none.
  private static func firstTable(_ segment: Slice<UnsafeRawBufferPointer>) -> Double? {
    var offset = segment.startIndex
    while offset < segment.endIndex {
      let (wide, number) = (segment[offset] >> 4 != 0, segment[offset] & 15)
      let size = wide ? 128 : 64
      guard offset + 1 + size <= segment.endIndex else { return nil }
      if number == 0 {
        var sum = 0
        for index in 0..<64 {
          let place = offset + 1 + (wide ? 2 * index : index)
          sum += wide ? Int(segment[place]) << 8 | Int(segment[place + 1]) : Int(segment[place])
        }
        return Double(sum) / 64
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
