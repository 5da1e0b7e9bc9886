/// Simple measures of a whole image, none of which knows what a defect is.
///
/// A model can learn to sort images by any of them. Where one alone tells the clean from the defective, or train from
/// test, a network will find it before it finds a crack.
enum ImageMeasure: Int, CaseIterable, Sendable {
  // How the file was stored.
  case width, height, bits, isColour, isPNG, isJPEG, quality
  // Light, outside of the marked defects.
  case brightness, contrast, dark, bright, blackShare, whiteShare, leftToRight, topToBottom
  // The frame around the image.
  case borderBrightness, borderContrast, darkMargin
  // Detail and what compression does to it.
  case bytesPerPixel, sharpness, blockiness
  // Colour.
  case saturation, redness, blueness

  /// Whether it says how a file was stored, which no defect can explain.
  var isOfStorage: Bool { rawValue <= Self.quality.rawValue }

  var title: String {
    switch self {
    case .width: "width"
    case .height: "height"
    case .bits: "bits of a sample"
    case .isColour: "stored as colour"
    case .isPNG: "stored as PNG"
    case .isJPEG: "stored as JPEG"
    case .quality: "JPEG quality"
    case .brightness: "brightness"
    case .contrast: "contrast"
    case .dark: "dark end (1st percentile)"
    case .bright: "bright end (99th percentile)"
    case .blackShare: "share of black pixels"
    case .whiteShare: "share of white pixels"
    case .leftToRight: "right half brighter than left"
    case .topToBottom: "lower half brighter than upper"
    case .borderBrightness: "border brighter than inside"
    case .borderContrast: "contrast within the border"
    case .darkMargin: "dark margin"
    case .bytesPerPixel: "file size per pixel"
    case .sharpness: "fine detail (difference of neighbours)"
    case .blockiness: "steps at every 8th pixel (JPEG blocks)"
    case .saturation: "colourfulness"
    case .redness: "red minus green"
    case .blueness: "blue minus green"
    }
  }

  /// What its numbers count; empty for plain numbers and for yes (1) and no (0).
  var unit: String {
    switch self {
    case .width, .height: "px"
    case .bits: "bit"
    case .isColour, .isPNG, .isJPEG, .quality, .blockiness: ""
    case .bytesPerPixel: "B/px"
    case .blackShare, .whiteShare, .darkMargin: "%"
    default: "of full scale"
    }
  }

  /// Below this, differences are rounding and compression noise, and are not called strange.
  var resolution: Double {
    switch self {
    case .width, .height: 1
    case .bits, .isColour, .isPNG, .isJPEG: 1
    case .quality: 3
    case .blackShare, .whiteShare, .darkMargin: 1
    case .bytesPerPixel: 0.05
    case .blockiness: 0.05
    default: 0.01
    }
  }
}

/// All measures of one image, in the order of `ImageMeasure.allCases`; small, for every image's are kept.
struct ImageMeasures: Sendable, Equatable {
  private var values: [Float]

  init(_ value: (ImageMeasure) -> Double) {
    values = ImageMeasure.allCases.map { Float(value($0)) }
  }

  subscript(measure: ImageMeasure) -> Double { Double(values[measure.rawValue]) }

  /// As numbers for the probe.
  var all: [Double] { values.map(Double.init) }
}
