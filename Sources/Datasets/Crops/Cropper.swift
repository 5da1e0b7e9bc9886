import Files
import Foundation
import Images

/// Cuts windows out of the images of a data set, at their native scale.
///
/// Where, a `WindowChooser` says. Group, split and class come along, masks are cut with the image, and the provenance says
/// from which image and box, and which annotations reach in. Windows of one image stand in its group, so that no split tears
/// them apart. Memory holds the windows' places and a few dozen images at a time.
public struct Cropper<Chooser: WindowChooser>: Sendable {
  public let chooser: Chooser
  public var threads = 2

  /// - Throws: `InputError` for numbers that make no windows.
  public init(_ chooser: Chooser, threads: Int = 2) throws {
    try chooser.validate()
    self.chooser = chooser
    self.threads = threads
  }

  /// One window, cut and labelled.
  private struct Window: Sendable {
    let file: Data
    let box: PixelBox
    let labels: [DatasetWriter.Label]
    let annotations: [Int]
  }

  /// Cuts all windows and writes the data set; does nothing where it was done before.
  ///
  /// - Throws: `InputError` when something else stands at `destination` and `replacing` is false, an image is bad, or no window
  ///   comes out.
  @discardableResult
  public func crop(
    _ dataset: Dataset, to destination: URL, replacing: Bool = false,
    progress: @escaping CropWork.Progress = { _, _, _ in }
  ) throws -> CropSummary {
    let origin = try CropRecord<Chooser>.digest(of: dataset)
    if let done = CropRecord.summary(at: destination, of: chooser, origin) { return done }
    let writer = try DatasetWriter(
      to: destination, description: "Windows from \(dataset.folder.lastPathComponent)",
      cleanName: dataset.cleanName, categories: dataset.categories.map(\.name), replacing: replacing)
    let work = CropWork(threads: threads, progress: progress)
    let plan = try chooser.plan(for: dataset, with: work)
    try cut(plan, of: dataset, into: writer, work)
    guard writer.count > 0 else {
      throw InputError(
        at: dataset.folder.path, expected: "at least one window",
        found: "none: " + plan.report.reasons.joined(separator: "; "))
    }
    let (head, windows) = try writer.finish(into: [:], CropSummary.count)
    let summary = CropSummary(of: head, windows, report: plan.report, wasDone: false)
    try CropRecord(chooser: chooser, origin: origin, windows: summary.windows, report: plan.report).write(
      to: destination)
    return summary
  }

  private func cut(_ plan: WindowPlan, of dataset: Dataset, into writer: DatasetWriter, _ work: CropWork) throws {
    // An image may give thousands of windows; a few of them are held at a time, for the price of decoding it again.
    let parts = plan.boxes.indices.flatMap { image in
      stride(from: 0, to: plan.boxes[image].count, by: Self.windowsAtOnce).map { (image: image, start: $0) }
    }
    try work.inOrder("cutting windows", count: parts.count, atOnce: 16) { place in
      let (image, start) = parts[place]
      return try cut(
        plan.boxes[image].dropFirst(start).prefix(Self.windowsAtOnce), from: dataset.images[image], of: dataset)
    } take: { place, windows in
      let image = dataset.images[parts[place].image]
      let start = (image.fileName as NSString).deletingPathExtension
      for window in windows {
        let suffix = "_x\(window.box.x)_y\(window.box.y).png"
        // Two images may differ in their extension alone.
        let name = writer.has(start + suffix) ? image.fileName + suffix : start + suffix
        try writer.add(
          file: window.file, width: window.box.width, height: window.box.height, as: name, labels: window.labels,
          split: image.split,
          provenance: Provenance(
            source: image.provenance.source, group: image.group, sourceImage: image.fileName, box: window.box,
            sourceAnnotations: window.annotations, synthetic: image.provenance.synthetic))
      }
    }
  }

  private static var windowsAtOnce: Int { 16 }

  private func cut(
    _ boxes: ArraySlice<PixelBox>, from image: DatasetImage, of dataset: Dataset
  ) throws -> [Window] {
    let pixels = try dataset.pixels(of: image)
    let masks = image.annotations.compactMap { annotation in
      dataset.categories.first { $0.id == annotation.categoryID }.flatMap { category in
        annotation.segmentation.map { (id: annotation.id, category: category.name, mask: $0.mask.image) }
      }
    }
    return try boxes.map { box in
      let parts = masks.map {
        (id: $0.id, category: $0.category, mask: Mask(thresholding: $0.mask.cropped(to: box)))
      }
      .filter { !$0.mask.isEmpty }
      return Window(
        file: try pixels.cropped(to: box).encoded(as: .png), box: box,
        labels: parts.map { .init($0.category, mask: $0.mask) }, annotations: parts.map(\.id))
    }
  }
}
