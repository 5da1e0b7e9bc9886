import Files
import Images
import Randomness

/// Windows that show each defect, or a part of it, anywhere: moved inward at the edges, several for a defect, and around parts of
/// defects that are larger than the window. Clean windows lie anywhere in clean images.
///
/// Takes more windows of few images than `CentredWindows` does, and less care with them. The windows of an image depend on its name and
/// the seed, and not on which others are in the set.
public struct ScatteredWindows: WindowChooser, Equatable {
  /// Side of the square window in pixels.
  public var window: Int
  /// Most windows for each defect (an 8-connected part of the mask).
  public var perDefect: Int
  /// Windows for each clean image.
  public var cleanPerImage: Int
  /// Defects of fewer pixels are passed over: they are mostly specks of the mask.
  public var minimumArea: Int
  public var seed: UInt64

  public init(
    window: Int = 96, perDefect: Int = 1, cleanPerImage: Int = 1, minimumArea: Int = 4, seed: UInt64 = 0
  ) {
    self.window = window
    self.perDefect = perDefect
    self.cleanPerImage = cleanPerImage
    self.minimumArea = minimumArea
    self.seed = seed
  }

  public func validate() throws {
    guard (8...4096).contains(window), (0...1000).contains(perDefect), (0...1000).contains(cleanPerImage),
      perDefect + cleanPerImage > 0, minimumArea >= 1
    else {
      throw InputError(
        at: "windows", expected: "a side of 8 to 4096 pixels and up to 1000 windows per defect or clean image",
        found: "\(window) pixels, \(perDefect) per defect, \(cleanPerImage) per clean image, area \(minimumArea)")
    }
  }

  public func plan(for dataset: Dataset, with work: CropWork) throws -> WindowPlan {
    var plan = WindowPlan(imageCount: dataset.images.count)
    plan.report.width = window
    plan.report.height = window
    try work.inOrder("choosing windows", count: dataset.images.count) { index in
      try windows(in: dataset.images[index], of: dataset)
    } take: { index, found in
      plan.boxes[index] = found.boxes
      plan.report.add(found.report)
    }
    return plan
  }

  private func windows(in image: DatasetImage, of dataset: Dataset) throws -> (boxes: [PixelBox], report: CropReport) {
    var report = CropReport()
    guard image.width >= window, image.height >= window else {
      report.tooSmall = [image.fileName]
      return ([], report)
    }
    guard image.annotations.allSatisfy({ $0.segmentation != nil }) else {
      report.withoutMask = [image.fileName]
      return ([], report)
    }
    guard image.isClean ? cleanPerImage > 0 : perDefect > 0 else { return ([], report) }
    let planner = WindowPlanner(width: image.width, height: image.height, window: window, distance: max(window / 8, 1))
    var random = SeededGenerator(seed: seed, purpose: "window \(image.fileName)")
    var boxes: [PixelBox] = []
    if image.isClean {
      boxes = planner.windows(count: cleanPerImage, &random)
      report.tooClose = cleanPerImage - boxes.count
    } else if let mask = dataset.mask(of: image) {
      for defect in try MaskComponents(of: mask).components {
        guard defect.area >= minimumArea else {
          report.specks += 1
          continue
        }
        report.instances += 1
        let found = planner.windows(over: defect, count: perDefect, taken: boxes, &random)
        report.tooClose += perDefect - found.count
        boxes += found
      }
    }
    return (boxes, report)
  }
}
