import Datasets
import Files
import Foundation
import Images
import Runs

/// Pictures for a study's report: real and synthetic defects side by side, as the networks see them.
struct StudyPictures {
  let settings: StudySettings
  let data: StudyData
  let synthetic: [String: Dataset]
  let folder: URL
  private static let count = 8

  /// Writes the files below `pictures/` and says where they stand. Which images are shown is not chosen by eye: they lie
  /// evenly over the lists.
  func write() throws -> [PictureGroup] {
    let transform = data.transform(size: settings.imageSize)
    try Folder.create(at: folder.appendingPathComponent("pictures"))
    return try settings.defects.enumerated().map { index, defect in
      let made = synthetic[defect]
      let shown = even(made?.images ?? [])
      let sources = Dictionary(
        data.train.map { ($0.image.fileName, $0.url) }, uniquingKeysWith: { first, _ in first })
      // Files are numbered: a class may be named like a path.
      func row(_ kind: String, _ label: String, _ urls: [URL]) throws -> PictureRow {
        let files = try urls.enumerated().map { place, url in
          let name = "pictures/class-\(index + 1)-\(kind)-\(place).png"
          try AtomicFile.write(transform.central(url).encoded(as: .png), to: folder.appendingPathComponent(name))
          return name
        }
        return PictureRow(label: label, files: files)
      }
      return PictureGroup(
        title: defect,
        caption:
          "Training images, \(settings.imageSize) pixels, evenly over the lists; each synthetic one stands below the clean image that it was made from.",
        rows: [
          try row("real", "real \(defect)", even(data.train.filter { $0.label == index + 1 }).map(\.url)),
          try row(
            "source", "clean source", shown.compactMap { $0.provenance.synthetic.flatMap { sources[$0.source] } }),
          try row("synthetic", "synthetic \(defect)", shown.compactMap { image in made.map { $0.url(of: image) } }),
        ])
    }
  }

  private func even<Element>(_ all: [Element]) -> [Element] {
    let count = min(Self.count, all.count)
    return (0..<count).map { all[$0 * all.count / count] }
  }
}
