import Files
import Foundation
import Images

/// Index masks: `images/`, `masks/` with the number of a class for each pixel (0 for none), names in `classes.txt`.
public struct MasksExporter: Exporter {
  public static let format = "masks"
  public static let summary = "images/, masks/ with the number of a class for each pixel, classes.txt"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    let images = plan.masked(set.images)
    plan.place(images, byStem: true) { "images/\($0.fileName)" }
    let numbers = Dictionary(
      set.categories.enumerated().map { ($0.element.id, $0.offset + 1) }, uniquingKeysWith: { first, _ in first })
    guard set.categories.count < 65535 else {
      throw InputError(at: set.folder.path, expected: "fewer than 65535 classes", found: "\(set.categories.count)")
    }
    let isSmall = set.categories.count < ClassMask.void
    plan.labelFile = { image, path in
      let values = Self.values(image, numbers)
      let samples: Image.Samples = isSmall ? .eight(values.map { UInt8($0) }) : .sixteen(values)
      let mask = Image(width: image.width, height: image.height, channels: 1, samples: samples)
      return .init(
        path: "masks/" + path.dropFirst("images/".count).description.withoutExtension + ".png",
        data: try mask.encoded(as: .png))
    }
    plan.tables = [.init(path: "classes.txt", data: Data(set.categories.map { $0.name + "\n" }.joined().utf8))]
    plan.lose(images.count { Self.overlaps($0) }, "images' overlaps of classes, where the later class stays")
    plan.lost.append("objects as objects: masks of one class in an image are one")
    if set.isSplit { plan.lost.append("the split") }
    plan.loseCleanName(of: set)
    return plan
  }

  private static func values(_ image: DatasetImage, _ numbers: [Int: Int]) -> [UInt16] {
    var values = [UInt16](repeating: 0, count: image.width * image.height)
    for annotation in image.annotations.sorted(by: { ($0.categoryID, $0.id) < ($1.categoryID, $1.id) }) {
      let number = UInt16(numbers[annotation.categoryID] ?? 0)
      for run in annotation.segmentation?.runs ?? [] {
        for place in run.start..<run.start + run.count {
          values[place % image.height * image.width + place / image.height] = number
        }
      }
    }
    return values
  }

  /// Whether masks of two classes share pixels.
  private static func overlaps(_ image: DatasetImage) -> Bool {
    let byClass = Dictionary(grouping: image.annotations, by: \.categoryID).values.compactMap { annotations in
      let codes = annotations.compactMap(\.segmentation)
      return codes.first.map { codes.dropFirst().reduce($0) { $0.union($1) } }
    }
    guard let first = byClass.first, byClass.count > 1 else { return false }
    return byClass.dropFirst().reduce(first) { $0.union($1) }.area < byClass.reduce(0) { $0 + $1.area }
  }
}
