import Files
import Foundation
import Images
import Randomness

/// Cuts windows out of the images of a data set, at their native scale: around each defect, and anywhere in clean images.
///
/// Group, split and class come along, masks are cut with the image, and the provenance says from where. The windows of an
/// image depend on its name and the seed, and not on which others are in the set.
public struct Cropper: Sendable {
  /// Side of the square window in pixels.
  public let window: Int
  /// Most windows for each defect (an 8-connected part of the mask).
  public let perDefect: Int
  /// Windows for each clean image.
  public let cleanPerImage: Int
  /// Defects of fewer pixels are passed over: they are mostly specks of the mask.
  public let minimumArea: Int
  public let seed: UInt64
  public var threads = 2

  /// - Throws: `InputError` for numbers that make no windows.
  public init(
    window: Int = 96, perDefect: Int = 1, cleanPerImage: Int = 1, minimumArea: Int = 4, seed: UInt64 = 0
  ) throws {
    guard (8...4096).contains(window), (0...1000).contains(perDefect), (0...1000).contains(cleanPerImage),
      perDefect + cleanPerImage > 0, minimumArea >= 1
    else {
      throw InputError(
        at: "windows", expected: "a side of 8 to 4096 pixels and up to 1000 windows per defect or clean image",
        found: "\(window) pixels, \(perDefect) per defect, \(cleanPerImage) per clean image, area \(minimumArea)")
    }
    self.window = window
    self.perDefect = perDefect
    self.cleanPerImage = cleanPerImage
    self.minimumArea = minimumArea
    self.seed = seed
  }

  public struct Summary: Codable, Equatable, Sendable {
    public let windows: Int
    /// Windows by class.
    public let classes: [String: Int]
    /// Images smaller than the window.
    public let tooSmall: [String]
    /// Images with a label whose place is not known.
    public let withoutMask: [String]
    /// Defects of fewer pixels than asked for.
    public let specks: Int
    /// Windows not made because they would nearly repeat another of the same image.
    public let tooClose: Int
  }

  private struct Cut: Sendable {
    var windows: [(image: Image, labels: [DatasetWriter.Label], box: PixelBox)] = []
    var isTooSmall = false
    var isWithoutMask = false
    var specks = 0
    var tooClose = 0
  }

  /// - Throws: `InputError` when something stands at `destination`, an image is bad, or no window comes out.
  @discardableResult
  public func crop(_ dataset: Dataset, to destination: URL, replacing: Bool = false) throws -> Summary {
    let writer = try DatasetWriter(
      to: destination, description: "Windows of \(window) pixels from \(dataset.folder.lastPathComponent)",
      cleanName: dataset.cleanName, categories: dataset.categories.map(\.name), replacing: replacing)
    var total = Cut()
    var tooSmall: [String] = []
    var withoutMask: [String] = []
    var names: Set<String> = []
    for start in stride(from: 0, to: dataset.images.count, by: 64) {
      let portion = Array(dataset.images[start..<min(start + 64, dataset.images.count)])
      let cuts = parallelMap(count: portion.count, threads: threads) { index in
        Result { try cut(portion[index], of: dataset) }
      }
      for (image, result) in zip(portion, cuts) {
        let cut = try result.get()
        if cut.isTooSmall { tooSmall.append(image.fileName) }
        if cut.isWithoutMask { withoutMask.append(image.fileName) }
        total.specks += cut.specks
        total.tooClose += cut.tooClose
        for window in cut.windows {
          let start = (image.fileName as NSString).deletingPathExtension
          var name = "\(start)_x\(window.box.x)_y\(window.box.y).png"
          // Two images may differ in their extension alone.
          if !names.insert(name).inserted { name = "\(image.fileName)_x\(window.box.x)_y\(window.box.y).png" }
          names.insert(name)
          try writer.add(
            window.image, as: name, labels: window.labels, split: image.split,
            provenance: Provenance(
              source: image.provenance.source, group: image.group, sourceImage: image.fileName, box: window.box,
              synthetic: image.provenance.synthetic))
        }
      }
    }
    guard writer.count > 0 else {
      throw InputError(
        at: dataset.folder.path, expected: "at least one window of \(window) pixels",
        found: "none: \(tooSmall.count) images are too small, \(withoutMask.count) have no mask")
    }
    let set = try writer.finish()
    let classes = Dictionary(grouping: set.images) { set.className(of: $0) }.mapValues(\.count)
    return Summary(
      windows: set.images.count, classes: classes, tooSmall: tooSmall, withoutMask: withoutMask, specks: total.specks,
      tooClose: total.tooClose)
  }

  private func cut(_ image: DatasetImage, of dataset: Dataset) throws -> Cut {
    var cut = Cut()
    guard image.width >= window, image.height >= window else {
      cut.isTooSmall = true
      return cut
    }
    guard image.annotations.allSatisfy({ $0.segmentation != nil }) else {
      cut.isWithoutMask = true
      return cut
    }
    guard image.isClean ? cleanPerImage > 0 : perDefect > 0 else { return cut }
    let planner = WindowPlanner(width: image.width, height: image.height, window: window, distance: max(window / 8, 1))
    var random = SeededGenerator(seed: seed, purpose: "window \(image.fileName)")
    var boxes: [PixelBox] = []
    if image.isClean {
      boxes = planner.windows(count: cleanPerImage, &random)
      cut.tooClose = cleanPerImage - boxes.count
    } else if let mask = dataset.mask(of: image) {
      for defect in try MaskComponents(of: mask).components {
        guard defect.area >= minimumArea else {
          cut.specks += 1
          continue
        }
        let found = planner.windows(over: defect, count: perDefect, taken: boxes, &random)
        cut.tooClose += perDefect - found.count
        boxes += found
      }
    }
    guard !boxes.isEmpty else { return cut }
    let pixels = try dataset.pixels(of: image)
    let masks = image.annotations.compactMap { annotation in
      dataset.categories.first { $0.id == annotation.categoryID }.flatMap { category in
        annotation.segmentation.map { (category.name, $0.mask) }
      }
    }
    cut.windows = boxes.map { box in
      let labels = masks.compactMap { name, mask -> DatasetWriter.Label? in
        let part = mask.cropped(to: box)
        return part.isEmpty ? nil : .init(name, mask: part)
      }
      return (pixels.cropped(to: box), labels, box)
    }
    return cut
  }
}
