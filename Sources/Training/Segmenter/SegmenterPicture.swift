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
    let (width, height) = (image.width, image.height)
    let total = 3 * width + 2 * gap
    var bytes = [UInt8](repeating: 255, count: 3 * total * height)
    for (place, labels) in [nil, truth, called].enumerated() {
      let part = labels.map { marked(image, $0) } ?? image.eightBit().colour()
      for y in 0..<height {
        let target = 3 * (y * total + place * (width + gap))
        bytes.replaceSubrange(target..<target + 3 * width, with: part.bytes[3 * y * width..<3 * (y + 1) * width])
      }
    }
    return Image(width: total, height: height, channels: 3, bytes: bytes)
  }

  /// The image with each pixel of a class half in its colour. Shape: labels [H · W] → RGB.
  public static func marked(_ image: Image, _ labels: [UInt8]) -> Image {
    var bytes = image.eightBit().colour().bytes
    for (pixel, label) in labels.enumerated() where label > 0 {
      let paint = colours[(Int(label) - 1) % colours.count]
      for (channel, value) in [paint.0, paint.1, paint.2].enumerated() {
        bytes[3 * pixel + channel] = UInt8((Int(bytes[3 * pixel + channel]) + value) / 2)
      }
    }
    return Image(width: image.width, height: image.height, channels: 3, bytes: bytes)
  }
}
