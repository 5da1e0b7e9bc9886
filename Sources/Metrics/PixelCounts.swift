/// How the pixels called a class and those that are of it meet.
public struct PixelCounts: Equatable, Sendable {
  /// Of the class, and called it.
  public var both = 0
  /// Called it, and of another.
  public var calledOnly = 0
  /// Of the class, and called otherwise.
  public var trueOnly = 0

  public init(both: Int = 0, calledOnly: Int = 0, trueOnly: Int = 0) {
    self.both = both
    self.calledOnly = calledOnly
    self.trueOnly = trueOnly
  }

  /// 2·both / (called + true), Dice's coefficient, which is F1 of the pixels; nil where neither has a pixel.
  public var dice: Double? { ratio(2 * both, 2 * both + calledOnly + trueOnly) }

  /// both / (called or true), Jaccard's index; nil where neither has a pixel.
  public var intersectionOverUnion: Double? { ratio(both, both + calledOnly + trueOnly) }

  /// nil where nothing was called the class.
  public var precision: Double? { ratio(both, both + calledOnly) }

  /// nil where nothing is of the class.
  public var recall: Double? { ratio(both, both + trueOnly) }

  public static func += (left: inout PixelCounts, right: PixelCounts) {
    left.both += right.both
    left.calledOnly += right.calledOnly
    left.trueOnly += right.trueOnly
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }
}
