import Files
import Foundation
import Images
import Testing

@testable import Datasets

/// A data set through one format and then another comes back as it was, in all that both can hold.
@Suite struct RoundTripTests {
  @Test(arguments: HeldFormat.allCases)
  func pairsOfFormats(first: HeldFormat) throws {
    let scene = try ExportScene()
    let original = ImageFacts.of(scene.original)
    let (middle, _) = try scene.through(first, scene.original, "\(first)")
    compare(original, ImageFacts.of(middle), [first], "\(first)")
    for second in HeldFormat.allCases where second != .ab || middle.isSplit {
      let (last, _) = try scene.through(second, middle, "\(first)-\(second)")
      compare(original, ImageFacts.of(last), [first, second], "\(first) → \(second)")
      // The second step alone must hold too, by what the middle set has.
      compare(ImageFacts.of(middle), ImageFacts.of(last), [second], "\(second) after \(first)")
    }
  }

  private func compare(
    _ before: [String: ImageFacts], _ after: [String: ImageFacts], _ formats: [HeldFormat], _ way: Comment
  ) {
    // Which images remain is known where no format before made masks into boxes.
    let keepsMasks = formats.dropLast().allSatisfy { $0.holdsMasks }
    if keepsMasks, let last = formats.last {
      let needsMasks = formats.contains { $0.needsMasks }
      let expected = before.filter { !needsMasks || $0.value.hasAllMasks }.keys.sorted()
      #expect(after.keys.sorted() == expected, way)
      #expect(last.needsMasks ? after.values.allSatisfy(\.hasAllMasks) : true, way)
    }
    let holdsSeveral = formats.allSatisfy(\.holdsSeveralClasses)
    #expect(!after.isEmpty, way)
    for (image, found) in after {
      guard let expected = before[image] else {
        Issue.record("an image that was not there: \(way)")
        continue
      }
      #expect(found.isClean == expected.isClean, way)
      if formats.allSatisfy(\.holdsSplits) { #expect(found.split == expected.split, way) }
      guard formats.allSatisfy(\.holdsClasses) else { continue }
      if holdsSeveral || expected.classes.count < 2 { #expect(found.classes == expected.classes, way) }
      guard holdsSeveral else { continue }
      if formats.allSatisfy(\.holdsBoxes) { #expect(found.boxes == expected.boxes, way) }
      if formats.allSatisfy(\.holdsMasks) { #expect(found.masks == expected.masks, way) }
    }
  }

  @Test func cocoHoldsAllButGroups() throws {
    let scene = try ExportScene()
    let (set, export) = try scene.through(.coco, scene.original, "coco")
    #expect(set.images.map(\.fileName) == scene.original.images.map(\.fileName))
    #expect(set.images.map(\.annotations) == scene.original.images.map(\.annotations))
    #expect(set.categories == scene.original.categories && set.cleanName == scene.original.cleanName)
    #expect(export.lost == ["groups and provenance"] && export.leftOut.isEmpty)
    #expect(export.warning == "coco cannot hold, and so the export lacks: groups and provenance")
  }

  /// The importer that `auto` chooses for what each exporter writes.
  @Test(arguments: HeldFormat.allCases)
  func exportsAreRecognised(format: HeldFormat) throws {
    let scene = try ExportScene()
    _ = try ExportRun(to: scene.temporary["out"]).run(format.exporter, of: scene.original)
    let found = try FormatRecognition(of: scene.temporary["out"]).only()
    #expect(found.format == (format == .yoloSegment ? "yolo" : format.rawValue))
    let first = try ImportRun(from: scene.temporary["out"], to: scene.temporary["auto"]).run(found.importer)
    #expect(first.problems.isEmpty, "\(first.problems)")
  }
}
