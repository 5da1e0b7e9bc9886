import Files
import Foundation
import Images
import TestFolders
import Testing

@testable import Datasets

/// The formats that are both written and read.
enum HeldFormat: String, CaseIterable, Sendable {
  case coco, yolo, yoloSegment, voc, severstal, masks, folders, ab

  var exporter: any Exporter {
    switch self {
    case .coco: COCOExporter()
    case .yolo: YOLOExporter()
    case .yoloSegment: YOLOSegmentExporter()
    case .voc: VOCExporter()
    case .severstal: SeverstalExporter()
    case .masks: MasksExporter()
    case .folders: FoldersExporter()
    case .ab: ABExporter()
    }
  }

  func importer(clean: String) -> any Importer {
    switch self {
    case .coco: COCOImporter()
    case .yolo, .yoloSegment: YOLOImporter()
    case .voc: VOCImporter()
    case .severstal: SeverstalImporter()
    case .masks: MasksImporter(classSource: .prefix, values: .index(names: nil))
    case .folders: FoldersImporter(clean: clean)
    case .ab: ABImporter()
    }
  }

  var holdsBoxes: Bool { [.coco, .yolo, .voc].contains(self) }
  var holdsMasks: Bool { [.coco, .yoloSegment, .severstal, .masks].contains(self) }
  var holdsSplits: Bool { ![.severstal, .masks].contains(self) }
  var holdsClasses: Bool { self != .ab }
  /// Only images whose labels all have masks.
  var needsMasks: Bool { [.yoloSegment, .severstal, .masks].contains(self) }
  var holdsSeveralClasses: Bool { ![.folders, .ab].contains(self) }
}

/// What is known of an image, to be compared after a way through other formats.
struct ImageFacts: Equatable {
  var isClean: Bool
  var split: Split?
  /// Category and box, sorted.
  var boxes: [String]
  /// By category, all pixels.
  var masks: [String: RunLengthCode]
  var classes: Set<String>
  var hasAllMasks: Bool

  static func of(_ set: Dataset) -> [String: ImageFacts] {
    let names = Dictionary(set.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return Dictionary(
      set.images.map { image in
        var masks: [String: RunLengthCode] = [:]
        var boxes: [String] = []
        for annotation in image.annotations {
          let name = names[annotation.categoryID] ?? "?"
          let box = annotation.box
          boxes.append("\(name) " + [box.x, box.y, box.width, box.height].map { String(format: "%.4f", $0) }.joined(separator: " "))
          if let code = annotation.segmentation { masks[name] = masks[name].map { $0.union(code) } ?? code }
        }
        let facts = ImageFacts(
          isClean: image.isClean, split: image.split, boxes: boxes.sorted(), masks: masks,
          classes: Set(image.annotations.compactMap { names[$0.categoryID] }),
          hasAllMasks: image.annotations.allSatisfy { $0.segmentation != nil })
        return (image.provenance.sha256, facts)
      }, uniquingKeysWith: { first, _ in first })
  }
}

struct ExportScene {
  let temporary: TemporaryFolder
  let original: Dataset

  /// A data set with everything that formats may hold or lose: a hole, parts, two classes, boxes of fractions, labels of whole
  /// images, folders, blanks and CJK in names, one stem twice.
  init() throws {
    temporary = try TemporaryFolder()
    let writer = try DatasetWriter(
      to: temporary["set"], description: "A test", cleanName: "Clean", categories: ["defect_1", "defect_3"])
    func add(_ key: Int, _ name: String, _ split: Split?, _ labels: [DatasetWriter.Label]) throws {
      try writer.add(
        picture(key), as: name, labels: labels, split: split, provenance: .init(source: name, group: "g\(key)"))
    }
    var ring = [UInt8](repeating: 0, count: 320)
    for y in 2..<10 { for x in 3..<12 where !(4...6 ~= y && 5...8 ~= x) { ring[y * 20 + x] = 1 } }
    ring[12 * 20 + 15] = 1
    ring[13 * 20 + 16] = 1
    let one = rectangle(.init(x: 0, y: 0, width: 4, height: 16))
    let two = rectangle(.init(x: 10, y: 3, width: 10, height: 5))
    try add(1, "clean 1.png", .train, [])
    try add(2, "清潔/2.png", .test, [])
    try add(3, "clean/3.png", .validation, [])
    try add(4, "defect_1/ring.png", .train, [.init("defect_1", mask: Mask(width: 20, height: 16, bits: ring))])
    try add(5, "both.png", .test, [.init("defect_1", mask: one), .init("defect_3", mask: two)])
    try add(6, "a/same.png", .validation, [.init("defect_3", mask: one), .init("defect_3", mask: two)])
    try add(7, "b/whole, of it.png", .train, [.init("defect_3")])
    try add(8, "box.png", .test, [.init("defect_1", box: Annotation.Box(x: 0.5, y: 0.25, width: 7.5, height: 3))])
    try writer.add(
      picture(9), as: "a/same.bmp", format: .bmp, labels: [.init("defect_1", mask: two)], split: .train,
      provenance: .init(source: "x", group: "g9"))
    original = try writer.finish()
  }

  /// Exports and imports again; the names of folders tell which way it went.
  func through(_ format: HeldFormat, _ set: Dataset, _ name: String) throws -> (set: Dataset, export: ExportSummary) {
    let exporter = format.exporter
    let export = try ExportRun(to: temporary["out-" + name]).run(exporter, of: set)
    let importer = format.importer(clean: set.cleanName)
    let summary = try ImportRun(from: temporary["out-" + name], to: temporary["set-" + name], isStrict: true).run(importer)
    #expect(summary.images == export.images)
    return (try Dataset(at: temporary["set-" + name]), export)
  }
}
