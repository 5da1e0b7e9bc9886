import Files
import Foundation
import Images

extension Dataset {
  /// Writes some of its images as a data set of their own, with everything that is known of them.
  ///
  /// - Throws: `InputError` when something stands at `folder`, or a file cannot be read.
  @discardableResult
  public func copy(
    _ images: [DatasetImage], to folder: URL, description: String,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> Dataset {
    let writer = try DatasetWriter(
      to: folder, description: description, cleanName: cleanName, categories: categories.map(\.name))
    let names = Dictionary(uniqueKeysWithValues: categories.map { ($0.id, $0.name) })
    for (index, image) in images.enumerated() {
      var provenance = image.provenance
      provenance.group = image.group
      try writer.add(
        file: FileBytes.all(of: url(of: image).path), width: image.width, height: image.height, as: image.fileName,
        labels: image.annotations.map { annotation in
          let name = names[annotation.categoryID] ?? ""
          return annotation.segmentation.map { .init(name, code: $0) } ?? .init(name, box: annotation.box)
        },
        split: image.split, provenance: provenance)
      let depth = depthURL(of: image)
      if FileManager.default.fileExists(atPath: depth.path) {
        try writer.addDepth(Image(contentsOf: depth), of: image.fileName)
      }
      progress(index + 1, images.count)
    }
    return try writer.finish()
  }
}
