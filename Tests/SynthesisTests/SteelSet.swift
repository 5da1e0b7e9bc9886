import Datasets
import Foundation
import Images
import TestFolders

extension TemporaryFolder {
  /// Rendered steel with flaws and masks, split by hand: images take turns, half of them train.
  func steel(_ name: String = "steel", count: Int = 48, defectiveShare: Double = 0.5, size: Int = 64) throws -> Dataset
  {
    let raw = try RenderedSteel(count: count, defectiveShare: defectiveShare, size: size, seed: 3)
      .write(to: self["\(name) raw"])
    let writer = try DatasetWriter(
      to: self[name], description: "", cleanName: raw.cleanName, categories: raw.categories.map(\.name))
    for (index, image) in raw.images.enumerated() {
      let labels = image.annotations.compactMap { annotation in
        raw.categories.first { $0.id == annotation.categoryID }.flatMap { category in
          annotation.segmentation.map { DatasetWriter.Label(category.name, code: $0) }
        }
      }
      try writer.add(
        file: Data(contentsOf: raw.url(of: image)), width: image.width, height: image.height, as: image.fileName,
        labels: labels, split: [.train, .validation, .train, .test][index % 4],
        provenance: Provenance(source: image.fileName, group: image.group))
    }
    return try writer.finish()
  }
}

extension Mask {
  /// Pixels within a box.
  init(width: Int, height: Int, box: PixelBox) {
    self.init(
      width: width, height: height,
      bits: (0..<width * height).map { index in
        (box.x..<box.x + box.width).contains(index % width) && (box.y..<box.y + box.height).contains(index / width)
          ? 1 : 0
      })
  }
}
