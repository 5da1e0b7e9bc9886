import Datasets
import Images
import Metrics
import Runs

extension ClassPixels {
  /// Of any defect, then of each class from 1 on.
  ///
  /// Shape: called [H · W], the class of each pixel.
  public static func all(of item: LabelledImages.Item, called: [UInt8], classes: Int) throws -> [ClassPixels] {
    let truth = item.labelMap()
    let (width, height) = (item.image.width, item.image.height)
    return try [ClassPixels(truth.map { $0 > 0 }, called: called.map { $0 > 0 }, width: width, height: height)]
      + (1..<classes).map { label in
        try ClassPixels(
          truth.map { $0 == label }, called: called.map { $0 == label }, width: width, height: height)
      }
  }

  /// Shapes: both [H · W].
  init(_ truth: [Bool], called: [Bool], width: Int, height: Int) throws {
    guard truth.contains(true) || called.contains(true) else {
      self.init()
      return
    }
    let outlines = BoundaryCounts(truth: truth, called: called, width: width)
    self.init(
      truth: truth.count(where: { $0 }), called: called.count(where: { $0 }),
      both: zip(truth, called).count { $0 && $1 }, outline: outlines.truth, outlineMatched: outlines.truthMatched,
      calledOutline: outlines.called, calledOutlineMatched: outlines.calledMatched,
      defects: try Self.defects(truth, called: called, width: width, height: height))
  }

  /// Connected parts of the truth. Shapes: both [H · W].
  static func defects(_ truth: [Bool], called: [Bool], width: Int, height: Int) throws -> [Defect] {
    let mask = Mask(width: width, height: height, bits: truth.map { $0 ? 1 : 0 })
    return try MaskComponents(of: mask).components.map { component in
      Defect(area: component.area, called: component.pixels.count { called[$0] })
    }
  }
}
