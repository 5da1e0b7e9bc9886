import ArgumentParser
import Datasets

/// Scales of lengths as an option takes them: LOW-HIGH.
struct ScaleRange: ExpressibleByArgument {
  let range: ClosedRange<Double>

  static let standard = ScaleRange(range: DefectPlacer.scales)

  private init(range: ClosedRange<Double>) { self.range = range }

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low <= high, high.isFinite else {
      return nil
    }
    range = low...high
  }

  var defaultValueDescription: String { "\(range.lowerBound)-\(range.upperBound)" }
}
