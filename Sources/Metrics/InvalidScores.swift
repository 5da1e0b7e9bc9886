/// Scores that cannot be ranked: a value among them is not a finite number.
public struct InvalidScores: Error, CustomStringConvertible, Equatable, Sendable {
  /// Position of the first such value, counted from 0.
  public let index: Int

  public var description: String { "score \(index) is not a finite number, so the scores have no order" }
}
