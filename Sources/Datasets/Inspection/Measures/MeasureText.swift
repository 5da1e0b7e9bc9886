import Foundation

/// A measure's number with its unit, as sentences have it.
enum MeasureText {
  static func text(_ value: Double, _ unit: String) -> String {
    let digits = value == value.rounded() && abs(value) < 1e6 ? "%.0f" : abs(value) >= 100 ? "%.0f" : "%.3g"
    let number = String(format: digits, value)
    return unit.isEmpty ? number : "\(number) \(unit)"
  }
}
