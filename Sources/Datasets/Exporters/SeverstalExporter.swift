import Files
import Foundation
import Images

/// The Severstal competition's form: `train_images/` and `train.csv`, a row for each image and class.
public struct SeverstalExporter: Exporter {
  public static let format = "severstal"
  public static let summary = "train_images/ and train.csv with run lengths; images without a mask for each label stay out"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    let images = plan.masked(set.images)
    plan.places = images.map { ($0, "train_images/\($0.fileName)") }
    let (ids, areNames) = Self.classIDs(set.categories)
    if !areNames {
      let list = set.categories.compactMap { kind in ids[kind.id].map { "\($0) \(kind.name)" } }
      plan.lost.append("names of classes, which are numbers now: \(list.joined(separator: ", ")) (--classes gives them back)")
    }
    var rows = "ImageId,ClassId,EncodedPixels\n"
    var united = 0
    for image in images {
      let byClass = Dictionary(grouping: image.annotations, by: \.categoryID)
      for (category, annotations) in byClass.sorted(by: { $0.key < $1.key }) {
        let codes = annotations.compactMap(\.segmentation)
        guard let first = codes.first, let id = ids[category] else { continue }
        united += codes.count - 1
        let runs = codes.dropFirst().reduce(first) { $0.union($1) }.runs.map { "\($0.start + 1) \($0.count)" }
        rows += "\(image.fileName),\(id),\(runs.joined(separator: " "))\n"
      }
    }
    plan.tables = [.init(path: "train.csv", data: Data(rows.utf8))]
    plan.lose(united, "objects as objects: masks of one class in an image are one")
    if set.isSplit { plan.lost.append("the split") }
    plan.loseCleanName(of: set)
    return plan
  }

  /// Numbers of classes by category: those in names such as defect_3, if all have one.
  private static func classIDs(_ categories: [Category]) -> (ids: [Int: Int], areNames: Bool) {
    let numbers = categories.compactMap { category -> Int? in
      guard category.name.hasPrefix("defect_"), let number = Int(category.name.dropFirst(7)),
        (1...10_000).contains(number), category.name == "defect_\(number)"
      else { return nil }
      return number
    }
    let areNames = numbers.count == categories.count
    let ids = areNames ? numbers : Array(1...max(categories.count, 1))
    return (
      Dictionary(zip(categories.map(\.id), ids), uniquingKeysWith: { first, _ in first }), areNames
    )
  }
}
