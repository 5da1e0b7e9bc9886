import Foundation

/// Tables and numbers as reports write them.
enum Table {
  struct Row {
    var name: HTML
    var cells: [HTML]
    var isMain = false
  }

  static func html(caption: String = "", head: [HTML], rows: [Row]) -> HTML {
    let heads = head.map { "<th scope=\"col\">\($0)</th>" as HTML }
    let lines = rows.map { row -> HTML in
      let cells = row.cells.map { "<td>\($0)</td>" as HTML }
      let kind: HTML = row.isMain ? " class=\"main\"" : ""
      return "<tr\(kind)><th scope=\"row\">\(row.name)</th>\(HTML(joining: cells, separator: ""))</tr>"
    }
    let title: HTML = caption.isEmpty ? .empty : "<caption>\(caption)</caption>"
    return """
      <div class="scroll"><table>\(title)
      <thead><tr>\(HTML(joining: heads, separator: ""))</tr></thead>
      <tbody>
      \(lines)
      </tbody></table></div>
      """
  }

  /// Keys and values, one a line.
  static func facts(_ facts: [(key: String, value: String)]) -> HTML {
    let lines = facts.map { "<tr><th scope=\"row\">\($0.key)</th><td>\($0.value)</td></tr>" as HTML }
    return "<table class=\"facts\"><tbody>\n\(lines)\n</tbody></table>"
  }

  static func number(_ value: Double?, digits: Int = 3) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(digits)f", value)
  }

  static func signed(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = number(abs(value))
    return Double(text) == 0 ? text : (value < 0 ? "−" : "+") + text
  }

  static func pValue(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return value < 0.001 ? "< 0.001" : number(value)
  }

  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    if whole < 100 { return String(format: "%.1f s", seconds) }
    return whole < 6000 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
