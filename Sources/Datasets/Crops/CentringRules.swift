import Images

/// Which windows around the instances of one image are whole and centred; pixels are not needed for it.
struct CentringRules {
  let imageWidth: Int
  let imageHeight: Int
  /// The window's size, at most the image's.
  let width: Int
  let height: Int
  /// nil is 42 of 160 of the window's side.
  let tolerance: Double?
  let margin: Int

  /// Windows around instances of the wanted categories, in order, each once.
  func boxes(
    around instances: [DefectInstance], of categories: Set<Int>, _ report: inout CropReport
  ) -> [PixelBox] {
    var boxes: [PixelBox] = []
    for instance in instances where categories.contains(instance.categoryID) {
      report.instances += 1
      guard fits(instance.box) else {
        report.tooLarge += 1
        continue
      }
      guard let box = window(around: instance) else {
        report.overEdge += 1
        continue
      }
      guard instances.allSatisfy({ !touches($0.box, box) || isWhole($0, in: box, around: instance) }) else {
        report.crowded += 1
        continue
      }
      if boxes.contains(box) { report.tooClose += 1 } else { boxes.append(box) }
    }
    return boxes
  }

  /// Whether the span, from first to last pixel, leaves the margin free.
  private func fits(_ box: PixelBox) -> Bool {
    (width == imageWidth || box.width - 1 <= width - margin)
      && (height == imageHeight || box.height - 1 <= height - margin)
  }

  /// nil where it would reach over an edge.
  private func window(around instance: DefectInstance) -> PixelBox? {
    func start(_ centre: Double, _ side: Int, _ whole: Int) -> Int? {
      guard side < whole else { return 0 }
      let start = centre - Double(side / 2)
      return start >= 0 && start + Double(side) <= Double(whole) ? Int(start) : nil
    }
    guard let x = start(instance.centre.x, width, imageWidth), let y = start(instance.centre.y, height, imageHeight)
    else { return nil }
    return PixelBox(x: x, y: y, width: width, height: height)
  }

  private func touches(_ one: PixelBox, _ other: PixelBox) -> Bool {
    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height
      && other.y < one.y + one.height
  }

  private func isWhole(_ other: DefectInstance, in box: PixelBox, around own: DefectInstance) -> Bool {
    guard fits(other.box), other.box.x >= box.x, other.box.y >= box.y,
      other.box.x + other.box.width <= box.x + box.width, other.box.y + other.box.height <= box.y + box.height
    else { return false }
    func isNear(_ one: Double, _ other: Double, _ side: Int, _ whole: Int) -> Bool {
      side == whole || abs(one - other) < tolerance ?? (Double(side) * 42 / 160)
    }
    return isNear(own.centre.x, other.centre.x, width, imageWidth)
      && isNear(own.centre.y, other.centre.y, height, imageHeight)
  }
}
