import Foundation
import Images

/// What a label file, or an image's part of one, says of the image.
public struct ImportLabels: Equatable, Sendable {
  /// None for a clean image.
  public var marks: [ImportMark]
  /// The image's size where the file names one, to be compared with the image.
  public var width: Int?
  public var height: Int?

  public init(marks: [ImportMark], width: Int? = nil, height: Int? = nil) {
    self.marks = marks
    self.width = width
    self.height = height
  }
}

/// One labelled object as its file has it; whether it lies within the image is found out with the image.
public struct ImportMark: Equatable, Sendable {
  public enum Place: Equatable, Sendable {
    /// The whole image.
    case whole
    case box(Annotation.Box)
    /// A box in shares of the image's width and height.
    case relativeBox(Annotation.Box)
    /// What lies within any of some outlines.
    case outlines([[RunLengthCode.Corner]])
    /// Outlines in shares of the image's width and height.
    case relativeOutlines([[RunLengthCode.Corner]])
    case code(RunLengthCode)
    /// A mask smaller than the image, and where its upper left corner lies.
    case patch(RunLengthCode, x: Int, y: Int)
    /// Severstal's text: pairs of first pixel, from 1 on, and length, down the columns.
    case columnRuns(String)
  }

  public let category: String
  public let place: Place

  public init(_ category: String, _ place: Place) {
    self.category = category
    self.place = place
  }
}
