import Files
import Foundation
import Images

/// Pascal VOC: `JPEGImages/`, `Annotations/` and, for splits, lists in `ImageSets/Main/`.
public struct VOCExporter: Exporter {
  public static let format = "voc"
  public static let summary = "JPEGImages/, Annotations/ with boxes, ImageSets/Main/; masks become their boxes"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    plan.place(set.images, byStem: true) { "JPEGImages/\($0.fileName)" }
    plan.lose(set.images.joinedMasks, "masks, of which the boxes remain")
    plan.loseCleanName(of: set)
    let used = Set(set.images.flatMap { $0.annotations.map(\.categoryID) })
    plan.lose(set.categories.count { !used.contains($0.id) }, "classes without an image")
    let names = Dictionary(set.categories.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    plan.labelFile = { image, path in
      let name = String(path.dropFirst("JPEGImages/".count))
      return .init(
        path: "Annotations/\(name.withoutExtension).xml", data: Data(Self.text(image, named: name, names).utf8))
    }
    if set.isSplit {
      for split in Split.allCases {
        let stems = plan.places.filter { $0.image.split == split }.map { _, path in
          path.dropFirst("JPEGImages/".count).description.withoutExtension + "\n"
        }
        plan.tables.append(.init(path: "ImageSets/Main/\(split.folderName).txt", data: Data(stems.joined().utf8)))
      }
    }
    return plan
  }

  private static func text(_ image: DatasetImage, named name: String, _ classes: [Int: String]) -> String {
    var lines = [
      "<annotation>", "  <folder>JPEGImages</folder>", "  <filename>\(escaped(name))</filename>", "  <size>",
      "    <width>\(image.width)</width>", "    <height>\(image.height)</height>", "    <depth>3</depth>", "  </size>",
      "  <segmented>0</segmented>",
    ]
    for annotation in image.annotations {
      let box = annotation.box
      // Pixels count from 1 on, and the last one belongs to the box.
      let corners = [
        ("xmin", box.x + 1), ("ymin", box.y + 1), ("xmax", box.x + box.width), ("ymax", box.y + box.height),
      ]
      lines += [
        "  <object>", "    <name>\(escaped(classes[annotation.categoryID] ?? ""))</name>", "    <pose>Unspecified</pose>",
        "    <truncated>0</truncated>", "    <difficult>0</difficult>", "    <bndbox>",
      ]
      lines += corners.map { "      <\($0)>\($1.shortText)</\($0)>" }
      lines += ["    </bndbox>", "  </object>"]
    }
    return (lines + ["</annotation>"]).map { $0 + "\n" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
