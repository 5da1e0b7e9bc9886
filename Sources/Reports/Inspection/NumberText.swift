import Foundation

/// Numbers of very different size, as tables and captions of an inspection have them.
enum NumberText {
  /// Three significant digits, whole numbers as they are, and the unit.
  static func value(_ value: Double?, _ unit: String) -> String {
    guard let value, value.isFinite else { return "–" }
    let isWhole = value == value.rounded() && abs(value) < 1e9
    let number: String
    if isWhole || abs(value) >= 100 {
      number = grouped(String(format: "%.0f", abs(value)))
    } else {
      let digits = abs(value) >= 10 ? 1 : abs(value) >= 0.1 ? 2 : 3
      number = String(format: "%.\(digits)f", abs(value))
    }
    let signed = (value < 0 && number.contains { "123456789".contains($0) } ? "−" : "") + number
    // "of full scale" stands in the explanations; beside each number it would only be in the way.
    let shown = unit == "of full scale" ? "" : unit
    return shown.isEmpty ? signed : "\(signed) \(shown)"
  }

  /// Digits in threes, parted by a narrow blank, from five digits on.
  private static func grouped(_ digits: String) -> String {
    guard digits.count > 4 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result += "\u{202f}" }
      result.append(digit)
    }
    return result
  }

  static func percent(_ share: Double?) -> String {
    guard let share, share.isFinite else { return "–" }
    let percent = share * 100
    return String(format: percent >= 10 || percent == 0 ? "%.0f %%" : percent >= 1 ? "%.1f %%" : "%.2f %%", percent)
  }

  static func bytes(_ count: Double) -> String {
    count < 1000
      ? String(format: "%.0f B", count)
      : count < 1_000_000 ? String(format: "%.1f kB", count / 1000) : String(format: "%.1f MB", count / 1_000_000)
  }
}
