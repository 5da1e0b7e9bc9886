import Files
import Foundation

/// Two collections as CycleGAN takes them: `trainA` and `testA` hold clean images, `trainB` and `testB` defective ones.
public struct ABExporter: Exporter {
  public static let format = "ab"
  public static let summary = "trainA, trainB, testA, testB (and valA, valB): clean against defective; the set must be split"

  /// The one class of defects to export; nil: all.
  public let defect: String?

  public init(defect: String? = nil) { self.defect = defect }

  public func plan(for set: Dataset) throws -> ExportPlan {
    guard set.isSplit else {
      throw InputError(
        at: set.folder.path, expected: "a data set that is split", found: "one that is not", remedy: "Run `patina split` first")
    }
    if let defect, !set.categories.contains(where: { $0.name == defect }) {
      throw InputError(
        at: set.folder.path, expected: "a class '\(defect)'", found: set.categories.map(\.name).joined(separator: ", "))
    }
    var plan = ExportPlan()
    let images = set.images.filter { image in
      if let defect, !image.isClean, set.className(of: image) != defect { return false }
      if image.split == nil { plan.leaveOut(image, "in no split") }
      return image.split != nil
    }
    plan.place(images, byStem: false) { image in
      let folder = (image.split ?? .train).folderName + (image.isClean ? "A" : "B")
      return image.fileName.hasPrefix(folder + "/") ? image.fileName : "\(folder)/\(image.fileName)"
    }
    plan.lose(images.joinedMasks, "masks")
    plan.lose(
      images.reduce(0) { sum, image in
        sum + image.annotations.count { $0.segmentation == nil && !$0.isOfWholeImage(image.width, image.height) }
      }, "boxes")
    let names = Set(images.filter { !$0.isClean }.map { set.className(of: $0) })
    if names.count > 1 {
      plan.lost.append("which defect: \(names.sorted().joined(separator: ", ")) are all B (--defect picks one)")
    }
    plan.lost.append("the names of both sides (--clean and --category give them back)")
    // The folders that importers look for, even where they stay empty.
    for folder in ["trainA", "trainB", "testA", "testB"] where !plan.places.contains(where: { $0.path.hasPrefix(folder) }) {
      plan.tables.append(.init(path: "\(folder)/.empty", data: Data()))
    }
    return plan
  }
}
