/// Pixels of a whole set of segmented images, class by class, counted image by image.
///
/// Figures of a class over the set are those of all its pixels taken together: means over batches, or over images that do not
/// show the class, would depend on how the set was cut, and on how an empty image is counted.
public struct SegmentationCounts: Equatable, Sendable {
  /// Of each class, background included: all images together.
  public private(set) var pooled: [PixelCounts]
  /// Of each class the figures of the images that show it.
  private var shown: [[PixelCounts]]

  public init(classes: Int) {
    precondition(classes > 0, "counts need a class")
    pooled = Array(repeating: PixelCounts(), count: classes)
    shown = Array(repeating: [], count: classes)
  }

  /// Adds an image.
  ///
  /// Shapes: both [H · W], a class for each pixel.
  public mutating func add(truth: [UInt8], called: [UInt8]) {
    precondition(truth.count == called.count, "\(truth.count) pixels need as many calls, got \(called.count)")
    var counts = [PixelCounts](repeating: PixelCounts(), count: pooled.count)
    for (one, other) in zip(truth, called) {
      let (one, other) = (Int(one), Int(other))
      if one == other {
        counts[one].both += 1
      } else {
        counts[one].trueOnly += 1
        counts[other].calledOnly += 1
      }
    }
    for (index, count) in counts.enumerated() {
      pooled[index] += count
      if count.both + count.trueOnly > 0 { shown[index].append(count) }
    }
  }

  /// How many images show a class.
  public func images(showing index: Int) -> Int { shown[index].count }

  /// The mean over the images that show a class; nil where none does.
  public func meanDice(of index: Int) -> Double? { mean(shown[index].compactMap(\.dice)) }

  /// The mean over the images that show a class; nil where none does.
  public func meanIntersectionOverUnion(of index: Int) -> Double? {
    mean(shown[index].compactMap(\.intersectionOverUnion))
  }

  private func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
