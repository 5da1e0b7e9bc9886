import Files
import Images

/// Labels fitted to an image.
struct FittedLabels: Sendable {
  var labels: [DatasetWriter.Label] = []
  /// How many reached beyond the image and were cut at its border.
  var clipped = 0
  /// How many outlines enclose no pixel's centre and became boxes.
  var thin = 0

  /// - Parameter place: what errors call the label file or image.
  /// - Throws: `InputError` for marks that cannot be, or lie outside of the image.
  init(_ given: ImportLabels, width: Int, height: Int, at place: String) throws {
    if let (statedWidth, statedHeight) = given.width.flatMap({ width in given.height.map { (width, $0) } }),
      (statedWidth, statedHeight) != (width, height)
    {
      let isTurned = (statedWidth, statedHeight) == (height, width)
      throw InputError(
        at: place, expected: "labels of an image of \(width) × \(height)", found: "\(statedWidth) × \(statedHeight)",
        remedy: isTurned ? "Perhaps they were made before the image was turned upright, as its EXIF says" : "")
    }
    for mark in given.marks {
      do {
        try append(mark, width, height)
      } catch let problem as RunLengthCode.Problem {
        throw InputError(
          at: place, expected: "'\(mark.category)' within \(width) × \(height)", found: problem.description)
      }
    }
  }

  private mutating func append(_ mark: ImportMark, _ width: Int, _ height: Int) throws {
    let name = mark.category
    let (across, down) = (Double(width), Double(height))
    switch mark.place {
    case .whole: labels.append(.init(name))
    case .box(let box): try append(box, name, width, height)
    case .relativeBox(let share):
      let box = Annotation.Box(
        x: snapped(share.x * across), y: snapped(share.y * down), width: snapped(share.width * across),
        height: snapped(share.height * down))
      try append(box, name, width, height)
    case .outlines(let outlines): try append(outlines, name, width, height)
    case .relativeOutlines(let shares):
      try append(shares.map { $0.map { .init(x: $0.x * across, y: $0.y * down) } }, name, width, height)
    case .code(let code):
      guard (code.width, code.height) == (width, height) else {
        throw RunLengthCode.Problem("a mask of \(code.width) × \(code.height)")
      }
      guard code.area > 0 else { throw RunLengthCode.Problem("a mask without a pixel") }
      labels.append(.init(name, code: code))
    case .patch(let patch, let x, let y):
      guard PixelBox(x: x, y: y, width: patch.width, height: patch.height).lies(withinWidth: width, height: height)
      else { throw RunLengthCode.Problem("a mask of \(patch.width) × \(patch.height) at (\(x), \(y))") }
      let code = patch.placed(x: x, y: y, inWidth: width, height: height)
      guard code.area > 0 else { throw RunLengthCode.Problem("a mask without a pixel") }
      labels.append(.init(name, code: code))
    case .columnRuns(let text):
      labels.append(
        .init(name, code: try RunLengthCode(width: width, height: height, runs: SeverstalTable.runs(text))))
    }
  }

  private mutating func append(_ box: Annotation.Box, _ name: String, _ width: Int, _ height: Int) throws {
    guard let part = box.clipped(toWidth: width, height: height) else {
      throw RunLengthCode.Problem("the box [\(box.x), \(box.y), \(box.width), \(box.height)]")
    }
    if !box.lies(withinWidth: width, height: height) { clipped += 1 }
    labels.append(.init(name, box: part))
  }

  private mutating func append(
    _ outlines: [[RunLengthCode.Corner]], _ name: String, _ width: Int, _ height: Int
  ) throws {
    let code = try RunLengthCode(width: width, height: height, outlines: outlines)
    let corners = outlines.joined()
    let (xs, ys) = (corners.map(\.x), corners.map(\.y))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else {
      throw RunLengthCode.Problem("no outline")
    }
    if left < -0.5 || top < -0.5 || right > Double(width) + 0.5 || bottom > Double(height) + 0.5 { clipped += 1 }
    if code.area > 0 {
      labels.append(.init(name, code: code))
      return
    }
    let box = Annotation.Box(x: left, y: top, width: right - left, height: bottom - top)
    guard let part = box.clipped(toWidth: width, height: height) else {
      throw RunLengthCode.Problem("an outline that encloses nothing")
    }
    thin += 1
    labels.append(.init(name, box: part))
  }

  /// The whole number of pixels that was meant, where six decimals of a share could not say it.
  private func snapped(_ value: Double) -> Double {
    let whole = value.rounded()
    return abs(value - whole) < 0.005 ? whole : value
  }
}
