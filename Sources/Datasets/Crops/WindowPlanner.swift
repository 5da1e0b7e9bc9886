import Images
import Randomness

/// Where windows are cut from one image; pixels are not needed for it.
struct WindowPlanner {
  let width: Int
  let height: Int
  let window: Int
  /// Two windows of one image are at least so far apart, in x or in y.
  let distance: Int

  /// The window whose middle lies nearest to (x, y), shifted to stay inside.
  func window(around x: Int, _ y: Int) -> PixelBox {
    PixelBox(
      x: min(max(x - window / 2, 0), width - window), y: min(max(y - window / 2, 0), height - window), width: window,
      height: window)
  }

  func isApart(_ box: PixelBox, from others: [PixelBox]) -> Bool {
    others.allSatisfy { max(abs($0.x - box.x), abs($0.y - box.y)) >= distance }
  }

  /// Windows that each show a part of the defect.
  ///
  /// The first is centred on a defect that fits into it; further ones are shifted by up to a quarter, still over the
  /// middle of the defect's pixels. A larger defect gives windows around its pixels nearest to random points of its box.
  /// - Parameter taken: windows that the image has already, from which new ones keep their distance.
  func windows(
    over defect: MaskComponents.Component, count: Int, taken: [PixelBox], _ random: inout SeededGenerator
  ) -> [PixelBox] {
    var found: [PixelBox] = []
    let fits = defect.box.width <= window && defect.box.height <= window
    let centre = (x: defect.box.x + defect.box.width / 2, y: defect.box.y + defect.box.height / 2)
    for attempt in 0..<count * 8 where found.count < count {
      let box: PixelBox
      if fits, attempt == 0 {
        box = window(around: centre.x, centre.y)
      } else if fits {
        let reach = max(window / 4, 1)
        let shift = (x: random.int(below: 2 * reach + 1) - reach, y: random.int(below: 2 * reach + 1) - reach)
        box = window(around: centre.x + shift.x, centre.y + shift.y)
      } else {
        let aim = (
          x: defect.box.x + random.int(below: defect.box.width), y: defect.box.y + random.int(below: defect.box.height)
        )
        let pixel = nearest(to: aim, of: defect.pixels)
        box = window(around: pixel % width, pixel / width)
      }
      guard shows(defect, box), isApart(box, from: taken + found) else { continue }
      found.append(box)
    }
    return found
  }

  /// Windows drawn uniformly from all places.
  func windows(count: Int, _ random: inout SeededGenerator) -> [PixelBox] {
    var found: [PixelBox] = []
    for _ in 0..<count * 8 where found.count < count {
      let box = PixelBox(
        x: random.int(below: width - window + 1), y: random.int(below: height - window + 1), width: window,
        height: window)
      if isApart(box, from: found) { found.append(box) }
    }
    return found
  }

  private func shows(_ defect: MaskComponents.Component, _ box: PixelBox) -> Bool {
    defect.pixels.contains { pixel in
      let (x, y) = (pixel % width, pixel / width)
      return x >= box.x && x < box.x + window && y >= box.y && y < box.y + window
    }
  }

  private func nearest(to aim: (x: Int, y: Int), of pixels: [Int]) -> Int {
    func distance(_ pixel: Int) -> Int {
      let (x, y) = (pixel % width - aim.x, pixel / width - aim.y)
      return x * x + y * y
    }
    return pixels.min { distance($0) < distance($1) } ?? 0
  }
}
