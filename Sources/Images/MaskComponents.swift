import CVision

/// The 8-connected parts of a mask: one per defect.
public struct MaskComponents: Sendable {
  public struct Component: Equatable, Sendable {
    public let box: PixelBox
    /// Number of pixels.
    public let area: Int
    /// Indices `y × width + x` of its pixels, ascending.
    public let pixels: [Int]
  }

  /// In the order in which rows from the top meet them.
  public let components: [Component]

  public init(of mask: Mask) throws {
    let (width, height) = (mask.width, mask.height)
    var labels = [Int32](repeating: 0, count: width * height)
    var count: Int32 = 0
    try labels.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      try Image(width: width, height: height, bytes: mask.bits).withView { view in
        try VisionError.check { error in cv_components(view, base, &count, error) }
      }
    }
    var pixels = [[Int]](repeating: [], count: Int(count))
    var order: [Int] = []
    for (index, label) in labels.enumerated() where label > 0 {
      if pixels[Int(label) - 1].isEmpty { order.append(Int(label) - 1) }
      pixels[Int(label) - 1].append(index)
    }
    components = order.compactMap { label in
      let members = pixels[label]
      guard let first = members.first, let last = members.last else { return nil }
      let columns = members.map { $0 % width }
      guard let left = columns.min(), let right = columns.max() else { return nil }
      let (top, bottom) = (first / width, last / width)
      return Component(
        box: PixelBox(x: left, y: top, width: right - left + 1, height: bottom - top + 1), area: members.count,
        pixels: members)
    }
  }
}
