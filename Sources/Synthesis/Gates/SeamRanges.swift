import Metrics

/// What the rims of real defects are like, class by class.
struct SeamRanges: Sendable {
  /// What one figure of a rim may be, and what is usual.
  struct Range: Sendable, Equatable {
    let low: Double
    let high: Double
    let median: Double
    /// Half the distance between the quartiles: what a difference from the median is measured by.
    let spread: Double
  }

  /// Of fewer real defects a class has no quantiles worth the name; then those of all classes are taken.
  private static let fewest = 8
  private let ranges: [String: [String: Range]]
  private let all: [String: Range]

  /// - Parameters:
  ///   - real: by class.
  ///   - share: of the real ones that lies within a range.
  init(_ real: [(category: String, figures: RimFigures)], share: Double) {
    all = Self.ranges(real.map(\.figures), share)
    let fallback = all
    ranges = Dictionary(grouping: real, by: \.category).mapValues { members in
      members.count < Self.fewest ? fallback : Self.ranges(members.map(\.figures), share)
    }
  }

  func ranges(of category: String) -> [String: Range] { ranges[category] ?? all }

  /// Why a rim is strange; nil where it is not.
  func reason(against figures: RimFigures, in category: String) -> String? {
    let ranges = ranges(of: category)
    for (name, value) in figures.named {
      guard let range = ranges[name], value < range.low || value > range.high else { continue }
      return "\(name) \(GateText.number(value)), real ones have \(GateText.number(range.low)) to "
        + GateText.number(range.high)
    }
    return nil
  }

  private static func ranges(_ real: [RimFigures], _ share: Double) -> [String: Range] {
    guard !real.isEmpty else { return [:] }
    var values: [String: [Double]] = [:]
    for figures in real { for (name, value) in figures.named { values[name, default: []].append(value) } }
    return Dictionary(
      uniqueKeysWithValues: values.map { name, values in
        let sorted = values.sorted()
        func quantile(_ probability: Double) -> Double { Quantiles.sample(sorted, probability) }
        // A rim can be too steep, not too flat: agreement is what asks for a defect.
        let (low, high) = name == "rim" ? (0, quantile(share)) : (quantile((1 - share) / 2), quantile((1 + share) / 2))
        return (
          name,
          Range(low: low, high: high, median: quantile(0.5), spread: (quantile(0.75) - quantile(0.25)) / 2)
        )
      })
  }
}
