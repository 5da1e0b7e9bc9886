import Images

extension Image {
  /// Continued to the right and below by mirroring without repeating the edge, as often as it takes; 8 bits. What is large
  /// enough already stays as it is.
  func mirrored(toWidth least: Int, height leastHeight: Int) -> Image {
    guard width < least || height < leastHeight else { return self }
    let (newWidth, newHeight) = (max(width, least), max(height, leastHeight))
    let source = bytes
    let columns = (0..<newWidth).map { Self.mirrored($0, within: width) }
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * channels)
    for y in 0..<newHeight {
      let row = Self.mirrored(y, within: height) * width
      for x in columns {
        for channel in 0..<channels { result.append(source[(row + x) * channels + channel]) }
      }
    }
    return Image(width: newWidth, height: newHeight, channels: channels, bytes: result)
  }

  /// 0 1 2 1 0 1 2 … for 3.
  private static func mirrored(_ place: Int, within side: Int) -> Int {
    guard side > 1 else { return 0 }
    let within = place % (2 * side - 2)
    return within < side ? within : 2 * side - 2 - within
  }
}
