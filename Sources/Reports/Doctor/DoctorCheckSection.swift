import Foundation
import Runs

/// One check on the page of a doctor's visit; one that was not made is a line with its reason.
struct DoctorCheckSection {
  private let result: CheckResult
  private let anchor: String

  init(_ result: CheckResult, anchor: String) {
    self.result = result
    self.anchor = anchor
  }

  var html: HTML {
    guard result.verdict != .notRun else {
      return """
        <p class="notrun" id="\(anchor)"><span class="severity">– not run</span> \(result.title) \
        <code>\(result.name)</code>: \(code: result.finding)</p>
        """
    }
    let advice: HTML =
      result.advice.isEmpty ? .empty : "<p><strong>Next to try:</strong> \(code: result.advice)</p>"
    return """
      <section class="finding \(kind)" id="\(anchor)"><span class="severity">\(badge)</span>
      <h3>\(result.title) <code>\(result.name)</code></h3>
      <p>\(code: result.finding)</p>
      \(measures)
      \(pictures)
      \(advice)
      <p class="rule">Passes when: \(code: result.rule). Source: \(code: result.source). \
      Took \(Table.duration(result.seconds)).</p>
      </section>
      """
  }

  private var kind: HTML {
    switch result.verdict {
    case .fail: "error"
    case .warn: "warning"
    case .pass, .notRun: "passed"
    }
  }

  /// In signs and words, since colours alone do not reach everyone.
  private var badge: HTML {
    switch result.verdict {
    case .fail: "✗ failed"
    case .warn: "! look"
    case .pass: "✓ passed"
    case .notRun: "– not run"
    }
  }

  private var measures: HTML {
    guard !result.measures.isEmpty else { return .empty }
    let isHeld = result.measures.contains { !$0.threshold.isEmpty }
    let rows = result.measures.map { measure in
      Table.Row(
        name: "\(measure.name)",
        cells: ["\(MeasureText.value(measure.value))"] + (isHeld ? ["\(measure.threshold)"] : []))
    }
    return Table.html(head: ["measure", "value"] + (isHeld ? ["must be"] : []), rows: rows)
  }

  private var pictures: HTML {
    guard !result.pictures.isEmpty else { return .empty }
    let files = result.pictures.enumerated().map { ($0.offset, Data($0.element.file)) }
    let thumbnails = Thumbnails(Dictionary(uniqueKeysWithValues: files))
    let figures = result.pictures.enumerated().map { index, picture in
      thumbnails.figure(
        index, caption: "\(picture.caption)", description: "\(result.title): \(picture.caption)")
    }
    return "<div class=\"pictures\">\(figures)</div>"
  }
}

/// Measured numbers as checks have them: shares and counts, and ratios down to millionths.
enum MeasureText {
  /// Four significant digits, and powers of ten where there would be nothing but zeros.
  static func value(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "not a number" }
    let size = abs(value)
    if value == value.rounded(), size < 1e9 { return NumberText.value(value, "") }
    var text: String
    if size < 1e-3 || size >= 1e9 {
      // 3.2e-05 reads as thresholds are written: 3.2e-5.
      text = String(format: "%.1e", size).replacing(#/e\+?(-?)0*(\d)/#) { "e\($0.1)\($0.2)" }
    } else if size >= 1000 {
      return NumberText.value(value, "")
    } else {
      text = String(format: "%.4g", size)
    }
    if value < 0 { text = "−" + text }
    return text
  }
}

extension HTML.Interpolation {
  /// Text in which backticks enclose what is typed, as in `patina doctor`.
  mutating func appendInterpolation(code text: String) {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    // A backtick without its other stays as it is.
    guard parts.count % 2 == 1 else {
      appendInterpolation(text)
      return
    }
    for (index, part) in parts.enumerated() {
      let piece: HTML = index % 2 == 1 ? "<code>\(String(part))</code>" : "\(String(part))"
      appendInterpolation(piece)
    }
  }
}
