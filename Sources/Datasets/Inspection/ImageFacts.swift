import Files
import Foundation
import Images

/// What one look at an image's file and labels tells; small, for every image's are kept.
struct ImageFacts: Sendable {
  /// How an image shows itself, whatever it is stored as.
  enum Colour: UInt8, CaseIterable, Sendable {
    case grey, colour, greyStoredAsColour

    var title: String {
      switch self {
      case .grey: "grey"
      case .colour: "colour"
      case .greyStoredAsColour: "grey stored as colour"
      }
    }
  }

  let format: ImageFormat
  let bits: UInt8
  let colour: Colour
  let bytes: Int
  /// Whether the file is the one that provenance.json names.
  let isUnchanged: Bool
  /// By which copies are found, in all eight orientations.
  let signature: ImageSignature
  let measures: ImageMeasures
  let defects: ImageDefects

  /// Reads and decodes the image's file.
  ///
  /// - Throws: `InputError` when it cannot be read, is damaged, or has another size than annotations.json says.
  init(of image: DatasetImage, in dataset: Dataset) throws {
    let url = dataset.url(of: image)
    let file = try Image.data(of: url)
    let encoded = try EncodedImage(file, at: url.path)
    let picture = try encoded.decoded()
    guard (picture.width, picture.height) == (image.width, image.height) else {
      throw InputError(
        at: image.fileName, expected: "\(image.width) × \(image.height) pixels as annotations.json says",
        found: "\(picture.width) × \(picture.height)")
    }
    let digest = ContentHash.digest(file)
    let eight = picture.eightBit()
    let grey = try eight.grey()
    let colours = ColourStatistics(of: eight)
    let statistics = PixelStatistics(of: grey, leavingOut: try Self.marked(image))
    let format = encoded.header.format
    let quality = format == .jpeg ? JPEGQuality.estimate(of: file) : nil
    self.format = format
    bits = UInt8(picture.bits)
    colour = picture.channels == 1 ? .grey : colours.hasColour ? .colour : .greyStoredAsColour
    bytes = file.count
    isUnchanged = digest == ContentDigest(image.provenance.sha256)
    signature = try ImageSignature(of: grey)
    defects = try ImageDefects(of: image)
    measures = ImageMeasures { measure in
      switch measure {
      case .width: Double(picture.width)
      case .height: Double(picture.height)
      case .bits: Double(picture.bits)
      case .isColour: picture.channels == 3 ? 1 : 0
      case .isPNG: format == .png ? 1 : 0
      case .isJPEG: format == .jpeg ? 1 : 0
      case .quality: Double(quality ?? 100)  // Without loss is like a perfect JPEG.
      case .brightness: statistics.mean
      case .contrast: statistics.deviation
      case .dark: statistics.dark
      case .bright: statistics.bright
      case .blackShare: statistics.blackShare * 100
      case .whiteShare: statistics.whiteShare * 100
      case .leftToRight: statistics.leftToRight
      case .topToBottom: statistics.topToBottom
      case .borderBrightness: statistics.borderDifference
      case .borderContrast: statistics.borderDeviation
      case .darkMargin: statistics.darkMargin * 100
      case .bytesPerPixel: Double(file.count) / Double(picture.width * picture.height)
      case .sharpness: statistics.sharpness
      case .blockiness: statistics.blockiness
      case .saturation: colours.saturation
      case .redness: colours.redness
      case .blueness: colours.blueness
      }
    }
  }

  /// The pixels of all marked defects, by their masks or boxes; nil where nothing marks a part of the image.
  private static func marked(_ image: DatasetImage) throws -> Mask? {
    var runs: [RunLengthCode.Run] = []
    for annotation in image.annotations {
      if let code = annotation.segmentation {
        runs += code.runs
      } else if !annotation.isOfWholeImage(image.width, image.height),
        let box = annotation.box.pixels(inWidth: image.width, height: image.height)
      {
        runs += (box.x..<box.x + box.width).map { .init(start: $0 * image.height + box.y, count: box.height) }
      }
    }
    return runs.isEmpty ? nil : try RunLengthCode(width: image.width, height: image.height, runs: runs).mask
  }
}

extension Annotation.Box {
  /// The whole pixels that it touches within an image; nil where there are none, or its numbers are no numbers.
  func pixels(inWidth imageWidth: Int, height imageHeight: Int) -> PixelBox? {
    let right = x + width, bottom = y + height
    guard [x, y, right, bottom].allSatisfy({ $0.isFinite && abs($0) < 1e9 }) else { return nil }
    let (left, top) = (max(0, Int(x.rounded(.down))), max(0, Int(y.rounded(.down))))
    let (end, low) = (min(imageWidth, Int(right.rounded(.up))), min(imageHeight, Int(bottom.rounded(.up))))
    guard end > left, low > top else { return nil }
    return PixelBox(x: left, y: top, width: end - left, height: low - top)
  }
}
