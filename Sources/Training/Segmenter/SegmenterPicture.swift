import Datasets
import Images

/// An image beside what is known of it and what was said of it, each defect in the colour of its class.
public enum SegmenterPicture {
  /// Of the classes from 1 on, again and again: red, blue, green, orange, purple, cyan (Okabe and Ito's, which most eyes tell
  /// apart, but for the first).
  private static let colours: [(Int, Int, Int)] = [
    (220, 30, 30), (0, 114, 178), (0, 158, 115), (230, 159, 0), (204, 121, 167), (86, 180, 233),
  ]
  private static let gap = 4

  /// Shapes: labels [H · W] each → an RGB image three times as wide, and two gaps.
  ///
  /// - Parameter truth: nil where nobody knows, which leaves the middle plain.
  public static func image(of image: Image, truth: [UInt8]?, called: [UInt8]) -> Image {
    let colour = image.eightBit().colour()
    let (width, height) = (image.width, image.height)
    let total = 3 * width + 2 * gap
    var bytes = [UInt8](repeating: 255, count: 3 * total * height)
    let source = colour.bytes
    for (place, labels) in [nil, truth, called].enumerated() {
      for y in 0..<height {
        for x in 0..<width {
          let pixel = y * width + x
          let target = 3 * (y * total + place * (width + gap) + x)
          let label = labels.map { Int($0[pixel]) } ?? 0
          let paint = label == 0 ? nil : colours[(label - 1) % colours.count]
          for channel in 0..<3 {
            let value = Int(source[3 * pixel + channel])
            let own = paint.map { [$0.0, $0.1, $0.2][channel] }
            bytes[target + channel] = UInt8(own.map { (value + $0) / 2 } ?? value)
          }
        }
      }
    }
    return Image(width: total, height: height, channels: 3, bytes: bytes)
  }
}
