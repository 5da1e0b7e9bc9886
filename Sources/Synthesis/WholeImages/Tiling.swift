/// How a whole image is translated.
public enum Tiling: Equatable, Sendable {
  /// At once.
  case whole
  /// In strips of so many rows, a multiple of 4.
  case strips(Int)
  /// At once where that fits into half of the memory that is free, else in the highest strips that do.
  case automatic

  /// Rows of a strip where memory is shorter than any; less would compute mostly what strips share.
  static let leastRows = 16
  /// More than this are no faster.
  static let mostRows = 512

  /// Rows of a strip; nil for the whole image at once.
  ///
  /// - Parameter available: bytes; nil where that is not known, and all is done at once.
  func rows(_ need: TranslationMemory, available: Int?) -> Int? {
    switch self {
    case .whole: return nil
    case .strips(let rows): return rows >= need.height ? nil : rows
    case .automatic:
      guard let available, need.whole > available / 2 else { return nil }
      let left = available / 2 - need.kept
      let rows = min(max(left / need.row / 4 * 4, Self.leastRows), Self.mostRows)
      return rows >= need.height ? nil : rows
    }
  }
}
