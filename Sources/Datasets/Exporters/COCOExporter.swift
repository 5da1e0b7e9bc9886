import Files
import Foundation
import Images

/// COCO: `images/`, and in `annotations/` one `instances.json`, or one for each split. Masks are run lengths.
public struct COCOExporter: Exporter {
  public static let format = "coco"
  public static let summary = "annotations/instances_*.json, masks as run lengths"

  private struct Form: Encodable {
    struct Info: Encodable {
      let description: String
      let cleanName: String
      enum CodingKeys: String, CodingKey {
        case description
        case cleanName = "clean_name"
      }
    }
    struct Mark: Encodable {
      let annotation: Annotation
      let imageID: Int
      enum CodingKeys: String, CodingKey {
        case id, bbox, area, iscrowd, segmentation
        case imageID = "image_id"
        case categoryID = "category_id"
      }

      func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(annotation.id, forKey: .id)
        try keys.encode(imageID, forKey: .imageID)
        try keys.encode(annotation.categoryID, forKey: .categoryID)
        let box = annotation.box
        try keys.encode([box.x, box.y, box.width, box.height], forKey: .bbox)
        try keys.encode(annotation.area, forKey: .area)
        try keys.encode(0, forKey: .iscrowd)
        if let code = annotation.segmentation {
          try keys.encode(code, forKey: .segmentation)
        } else {
          try keys.encode([[Double]](), forKey: .segmentation)  // Many readers want the key.
        }
      }
    }
    let info: Info
    let images: [DatasetForm.Annotations.Picture]
    let annotations: [Mark]
    let categories: [Category]
  }

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    plan.places = set.images.map { ($0, "images/\($0.fileName)") }
    let info = Form.Info(description: set.description, cleanName: set.cleanName)
    func add(_ name: String, _ images: [DatasetImage]) throws {
      let form = Form(
        info: info,
        images: images.map { .init(id: $0.id, fileName: $0.fileName, width: $0.width, height: $0.height) },
        annotations: images.flatMap { image in image.annotations.map { .init(annotation: $0, imageID: image.id) } },
        categories: set.categories)
      plan.tables.append(.init(path: "annotations/\(name).json", data: try JSONFile.encode(form)))
    }
    guard set.isSplit else {
      try add("instances", set.images)
      return plan
    }
    // All three, so that each file's name counts as a split.
    for split in Split.allCases { try add("instances_\(split.folderName)", set.images(split: split)) }
    let others = set.images.filter { $0.split == nil }
    if !others.isEmpty { try add("instances_unassigned", others) }
    return plan
  }
}
