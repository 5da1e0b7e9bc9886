import Files
import Foundation

/// A folder for each class, within train, val and test where the set is split.
public struct FoldersExporter: Exporter {
  public static let format = "folders"
  public static let summary = "a folder per class (within train, val and test if split); of an image its largest class"

  public init() {}

  public func plan(for set: Dataset) throws -> ExportPlan {
    var plan = ExportPlan()
    var folders = ExportNames(byStem: false)
    var folderNames: [String: String] = [:]
    for name in set.classNames { folderNames[name] = folders.unique(Self.folderName(name)) }
    plan.lose(folderNames.count { $0.key != $0.value }, "names of classes that are no names of folders")
    let images = set.images.filter { image in
      let isPlaced = !set.isSplit || image.split != nil
      if !isPlaced { plan.leaveOut(image, "in no split") }
      return isPlaced
    }
    plan.place(images, byStem: false) { image in
      let name = set.className(of: image)
      let own = image.fileName.hasPrefix(name + "/") ? String(image.fileName.dropFirst(name.count + 1)) : image.fileName
      return (image.split.map { $0.folderName + "/" } ?? "") + "\(folderNames[name] ?? name)/\(own)"
    }
    plan.lose(images.joinedMasks, "masks")
    plan.lose(
      images.reduce(0) { sum, image in
        sum + image.annotations.count { $0.segmentation == nil && !$0.isOfWholeImage(image.width, image.height) }
      }, "boxes")
    plan.lose(images.count { Set($0.annotations.map(\.categoryID)).count > 1 }, "images' further classes")
    let used = Set(images.map { set.className(of: $0) })
    plan.lose(set.classNames.count { !used.contains($0) }, "classes without an image")
    return plan
  }

  /// A name without what would make it another folder, or a hidden one.
  private static func folderName(_ name: String) -> String {
    let safe = String(name.map { $0 == "/" || $0 == "\\" ? "-" : $0 })
    return safe.hasPrefix(".") ? "_" + safe.dropFirst() : safe
  }
}
