import Files
import Foundation
import Images

/// YOLO: `images/`, `labels/` (with folders for splits) and `data.yaml`, for detection (boxes) or segmentation (outlines).
public struct YOLOExporter: Exporter {
  public static let format = "yolo"
  public static let summary = "images/, labels/ with boxes, data.yaml; masks become their boxes"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = YOLOLayout(set).plan(set.images)
    plan.lose(set.images.joinedMasks, "masks, of which the boxes remain")
    let ids = YOLOLayout.classIDs(set)
    plan.labelFile = { image, path in
      let lines = image.annotations.map { annotation in
        let box = annotation.box
        let (width, height) = (Double(image.width), Double(image.height))
        let numbers = [
          (box.x + box.width / 2) / width, (box.y + box.height / 2) / height, box.width / width, box.height / height,
        ]
        return "\(ids[annotation.categoryID] ?? 0) " + numbers.map(\.shortText).joined(separator: " ")
      }
      return YOLOLayout.labels(lines, of: path)
    }
    return plan
  }
}

/// The same with outlines in place of boxes: each 8-connected part of a mask is an object.
public struct YOLOSegmentExporter: Exporter {
  public static let format = "yolo-segment"
  public static let summary = "images/, labels/ with outlines along the masks' pixels, data.yaml"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    let images = plan.masked(set.images)
    let layout = YOLOLayout(set).plan(images)
    plan.places = layout.places
    plan.tables = layout.tables
    plan.lost = layout.lost + ["which parts of a mask belong to one object: each part is one"]
    let ids = YOLOLayout.classIDs(set)
    plan.labelFile = { image, path in
      var lines: [String] = []
      for annotation in image.annotations {
        guard let code = annotation.segmentation else { continue }
        for part in try MaskComponents(of: code.mask).components {
          let corners = part.outline(maskWidth: image.width).map { corner in
            "\((corner.x / Double(image.width)).shortText) \((corner.y / Double(image.height)).shortText)"
          }
          lines.append("\(ids[annotation.categoryID] ?? 0) " + corners.joined(separator: " "))
        }
      }
      return YOLOLayout.labels(lines, of: path)
    }
    return plan
  }
}

/// Folders and `data.yaml`, which both kinds share.
private struct YOLOLayout {
  let set: Dataset

  init(_ set: Dataset) { self.set = set }

  func plan(_ images: [DatasetImage]) -> ExportPlan {
    var plan = ExportPlan()
    plan.place(images, byStem: true) { image in
      "images/" + (image.split.map { $0.folderName + "/" } ?? "") + image.fileName
    }
    var lines = ["# \(set.description.filter { !$0.isNewline })"]
    if set.isSplit {
      for split in Split.allCases { lines.append("\(split.folderName): images/\(split.folderName)") }
    } else {
      lines.append("# Not split: `patina split` before the export gives train, val and test.")
    }
    lines.append("nc: \(set.categories.count)")
    lines.append("names:")
    for (index, category) in set.categories.enumerated() {
      let name = category.name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      lines.append("  \(index): \"\(name)\"")
    }
    plan.tables = [.init(path: "data.yaml", data: Data((lines.joined(separator: "\n") + "\n").utf8))]
    plan.loseCleanName(of: set)
    return plan
  }

  static func classIDs(_ set: Dataset) -> [Int: Int] {
    Dictionary(set.categories.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
  }

  /// Empty for a clean image.
  static func labels(_ lines: [String], of path: String) -> ExportPlan.Table {
    let text = lines.map { $0 + "\n" }.joined()
    return .init(
      path: "labels/" + path.dropFirst("images/".count).description.withoutExtension + ".txt", data: Data(text.utf8))
  }
}

extension [DatasetImage] {
  /// How many annotations have a mask.
  var joinedMasks: Int { reduce(0) { $0 + $1.annotations.count { $0.segmentation != nil } } }
}
