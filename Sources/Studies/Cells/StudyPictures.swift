import Datasets
import Files
import Foundation
import Images
import Runs
import Training

/// Pictures for a study's report: real and synthetic defects side by side, and test images that synthetic ones made a
/// difference to, as classifiers see them.
struct StudyPictures {
  let settings: StudySettings
  let data: StudyData
  let synthetic: [String: Dataset]
  let mistakes: StudyMistakes
  let folder: URL
  private static let count = 8

  /// Writes the files below `pictures/` and says where they stand. Which images are shown is not chosen by eye: they lie
  /// evenly over the lists.
  func write() throws -> [PictureGroup] {
    try Folder.create(at: folder.appendingPathComponent("pictures"))
    return try trainingImages() + [changes()].compactMap { $0 }
  }

  private var transform: ImageTransform { data.transform(size: settings.imageSize) }

  private func trainingImages() throws -> [PictureGroup] {
    try settings.defects.enumerated().map { index, defect in
      let made = synthetic[defect]
      let shown = even(made?.images ?? [])
      let sources = Dictionary(
        data.train.map { ($0.image.fileName, $0.url) }, uniquingKeysWith: { first, _ in first })
      // Files are numbered: a class may be named like a path.
      func row(_ kind: String, _ label: String, _ urls: [URL]) throws -> PictureRow {
        try self.row("class-\(index + 1)-\(kind)", label, urls.map(transform.central))
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

  /// nil where synthetic images changed nothing.
  private func changes() throws -> PictureGroup? {
    let items = Dictionary(data.test.map { ($0.image.fileName, $0) }, uniquingKeysWith: { first, _ in first })
    let masked = settings.network.isSegmenter ? try data.labelled(.test).items : []
    let maps = Dictionary(masked.map { ($0.image.fileName, $0) }, uniquingKeysWith: { first, _ in first })
    let rows = try [("mended", mistakes.mended(Self.count)), ("caused", mistakes.caused(Self.count))].flatMap {
      kind, changes -> [PictureRow] in
      let shown = changes.compactMap { items[$0.image] }
      guard !shown.isEmpty else { return [] }
      let images = try row(kind, kind, shown.map { try transform.central($0.url) })
      guard settings.network.isSegmenter else { return [images] }
      var colour = transform
      colour.channels = 3
      let marked = try shown.compactMap { item in
        try maps[item.image.fileName].map {
          try colour.central(
            SegmenterPicture.marked($0.pixels(channels: data.channels), $0.labelMap()))
        }
      }
      return [images, try row("\(kind)-marked", "its defects", marked)]
    }
    guard !rows.isEmpty else { return nil }
    return PictureGroup(
      title: "Mistakes mended and caused",
      caption:
        "Test images that trainings with synthetic images see better, and worse, than those without (\(settings.network.isSegmenter ? "by the Dice of any defect" : "called rightly or wrongly at the thresholds of F1"), mean over the seeds): those that change most.",
      rows: rows)
  }

  private func row(_ kind: String, _ label: String, _ images: [Image]) throws -> PictureRow {
    let files = try images.enumerated().map { place, image in
      let name = "pictures/\(kind)-\(place).png"
      try AtomicFile.write(image.encoded(as: .png), to: folder.appendingPathComponent(name))
      return name
    }
    return PictureRow(label: label, files: files)
  }

  private func even<Element>(_ all: [Element]) -> [Element] {
    let count = min(Self.count, all.count)
    return (0..<count).map { all[$0 * all.count / count] }
  }
}
