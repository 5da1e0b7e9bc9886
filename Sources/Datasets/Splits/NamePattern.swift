import Files
import Foundation

/// A regular expression with one capture: what it captures in a name is the name's group.
struct NamePattern {
  private let expression: NSRegularExpression

  /// - Throws: `InputError` for what is no regular expression, or has other than one capture.
  init(_ pattern: String) throws {
    guard let expression = try? NSRegularExpression(pattern: pattern) else {
      throw InputError(at: "pattern '\(pattern)'", expected: "a regular expression", found: "none")
    }
    guard expression.numberOfCaptureGroups == 1 else {
      throw InputError(
        at: "pattern '\(pattern)'", expected: "one capture, in parentheses",
        found: "\(expression.numberOfCaptureGroups)",
        remedy: "Such as '^(tile[0-9]+)_'; parentheses that capture nothing are written (?:…)")
    }
    self.expression = expression
  }

  /// What the first match captures; nil without a match, or where the capture took no part in it.
  func capture(in name: String) -> String? {
    guard let match = expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)),
      let range = Range(match.range(at: 1), in: name)
    else { return nil }
    return String(name[range])
  }
}
