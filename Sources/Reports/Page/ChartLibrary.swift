import Files
import Foundation

/// Chart.js, read from where the system keeps it and written into each page, which then opens offline.
public struct ChartLibrary: Sendable {
  /// Where Debian's package libjs-chart.js puts it.
  public static let debianPath = "/usr/share/javascript/chart.js/chart.min.js"

  let source: String

  /// - Throws: `InputError` naming the package when it is not there.
  public init(contentsOf url: URL = URL(fileURLWithPath: ChartLibrary.debianPath)) throws {
    guard let data = try? Data(contentsOf: url), let text = String(data: data, encoding: .utf8) else {
      throw InputError(
        at: url.path, expected: "Chart.js, with which reports are drawn", found: "no file that can be read",
        remedy: "Install it: sudo apt-get install libjs-chart.js")
    }
    guard text.contains("Chart.js v3.") || text.contains("Chart.js v4.") else {
      throw InputError(
        at: url.path, expected: "Chart.js 3 or 4", found: "something else",
        remedy: "Install it: sudo apt-get install --reinstall libjs-chart.js")
    }
    // The source map would be a request; a closing tag within a string would end the element.
    source = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("//# sourceMappingURL") }.joined(separator: "\n")
      .replacingOccurrences(of: "</script", with: "<\\/script", options: .caseInsensitive)
  }
}
