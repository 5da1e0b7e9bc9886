import Images

/// How bright the columns of windows are, from sums that are made once for an image.
struct WindowBrightness {
  private let width: Int
  /// Grey values, 0 ... 255.
  private let bytes: [UInt8]

  init(of image: Image) throws {
    let grey = try image.eightBit().grey()
    width = grey.width
    bytes = grey.bytes
  }

  /// Sums of the columns over rows `y ..< y + height`.
  func columnSums(from y: Int, height: Int) -> [Int] {
    var sums = [Int](repeating: 0, count: width)
    bytes.withUnsafeBufferPointer { bytes in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in y..<y + height {
          for x in 0..<width { sums[x] += Int(bytes[row * width + x]) }
        }
      }
    }
    return sums
  }

  /// The sums of the rows one further down.
  func move(_ sums: inout [Int], down y: Int, height: Int) {
    bytes.withUnsafeBufferPointer { bytes in
      sums.withUnsafeMutableBufferPointer { sums in
        for x in 0..<width { sums[x] += Int(bytes[(y + height) * width + x]) - Int(bytes[y * width + x]) }
      }
    }
  }

  /// Whether the mean of any column of the box is below `level`.
  func hasDarkColumn(in box: PixelBox, below level: Double) -> Bool {
    let sums = columnSums(from: box.y, height: box.height)
    return sums[box.x..<box.x + box.width].contains { Double($0) < level * Double(box.height) }
  }
}
