import Images
import Testing

@testable import Datasets

/// Where one pixel more or less decides.
struct CentringRulesTests {
  /// Windows of 16 × 16 in an image of 40 × 30.
  private static func rules(margin: Int = 4) -> CentringRules {
    CentringRules(imageWidth: 40, imageHeight: 30, width: 16, height: 16, tolerance: 5, margin: margin)
  }

  private static func instance(_ x: Int, _ y: Int, _ width: Int, _ height: Int, centre: (Double, Double)? = nil)
    -> DefectInstance
  {
    DefectInstance(
      categoryID: 1, box: PixelBox(x: x, y: y, width: width, height: height), area: width * height,
      centre: centre ?? (Double(x) + Double(width - 1) / 2, Double(y) + Double(height - 1) / 2))
  }

  private static func report(_ instances: DefectInstance..., margin: Int = 4) -> (boxes: [PixelBox], CropReport) {
    var report = CropReport()
    return (rules(margin: margin).boxes(around: instances, of: [1], &report), report)
  }

  @Test func aSpanLeavesTheMarginFree() {
    // 13 pixels span 12, which is 16 less 4.
    #expect(Self.report(Self.instance(13, 14, 13, 3)).boxes.count == 1)
    let (boxes, report) = Self.report(Self.instance(13, 14, 14, 3))
    #expect(boxes.isEmpty && report.tooLarge == 1)
    #expect(Self.report(Self.instance(15, 10, 3, 13)).boxes.count == 1)
    #expect(Self.report(Self.instance(15, 10, 3, 14)).1.tooLarge == 1)
  }

  @Test func aWindowMayTouchTheEdge() {
    #expect(Self.report(Self.instance(31, 14, 3, 3)).boxes == [PixelBox(x: 24, y: 7, width: 16, height: 16)])
    #expect(Self.report(Self.instance(31, 14, 4, 3)).1.overEdge == 1)
    #expect(Self.report(Self.instance(7, 14, 3, 3)).boxes == [PixelBox(x: 0, y: 7, width: 16, height: 16)])
    #expect(Self.report(Self.instance(6, 14, 4, 3)).1.overEdge == 1)
    #expect(Self.report(Self.instance(19, 21, 3, 3)).boxes.first?.y == 14)
    #expect(Self.report(Self.instance(19, 22, 3, 3)).1.overEdge == 1)
  }

  @Test func anotherDefectIsNearerThanTheTolerance() {
    let own = Self.instance(19, 14, 3, 3)
    #expect(Self.report(own, Self.instance(24, 14, 2, 2, centre: (24.9, 15))).boxes.count == 2)
    let (boxes, report) = Self.report(own, Self.instance(24, 14, 3, 3))
    #expect(boxes.isEmpty && report.crowded == 2)
    #expect(Self.report(own, Self.instance(19, 19, 3, 3)).1.crowded == 2)
  }

  @Test func aDefectBesideTheWindowDoesNotCount() {
    // The window around (20, 15) shows columns 12 to 27.
    let own = Self.instance(19, 14, 3, 3)
    #expect(Self.report(own, Self.instance(28, 14, 3, 3)).boxes.contains(PixelBox(x: 12, y: 7, width: 16, height: 16)))
    #expect(Self.report(own, Self.instance(27, 14, 3, 3)).boxes.allSatisfy { $0.x != 12 })
    #expect(Self.report(own, Self.instance(9, 14, 3, 3)).boxes.contains { $0.x == 12 })
    #expect(Self.report(own, Self.instance(10, 14, 3, 3)).boxes.allSatisfy { $0.x != 12 })
  }
}
