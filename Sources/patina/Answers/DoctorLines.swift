import Doctor
import Foundation
import Reports
import Runs

/// A doctor's visit in the terminal: a line for each check as soon as it is made, and on standard error what is being done.
final class DoctorLines {
  private let isSilent: Bool
  private let output: ProgressBar.Output
  private let write: (String) -> Void
  private let start = ProcessInfo.processInfo.systemUptime
  private var isLineOpen = false
  private static let width = Check.allCases.map(\.rawValue.count).max() ?? 0

  /// - Parameters:
  ///   - isSilent: true leaves standard output to others.
  ///   - output: where progress goes.
  ///   - write: takes the lines of checks.
  init(
    isSilent: Bool, output: ProgressBar.Output = .standardError,
    write: @escaping (String) -> Void = { line in
      print(line)
      // Into a pipe too a line comes when its check is made, not at the end.
      fflush(nil)
    }
  ) {
    self.isSilent = isSilent
    self.output = output
    self.write = write
  }

  func progress(_ next: Check?, _ done: Int, _ total: Int) {
    clear()
    guard let next, let width = output.terminalWidth() else { return }
    let line = ProgressLine(
      label: next.rawValue, done: done, total: total, elapsed: ProcessInfo.processInfo.systemUptime - start)
    output.write(line.text(width: width - 1))
    isLineOpen = true
  }

  func show(_ result: CheckResult) {
    clear()
    guard !isSilent else { return }
    let space = String(repeating: " ", count: max(0, Self.width - result.name.count))
    write("\(Self.mark(result.verdict))  \(result.name)\(space)  \(result.finding)")
    if !result.advice.isEmpty { write("\(String(repeating: " ", count: Self.width + 8))→ \(result.advice)") }
  }

  /// What it comes to, and where the page stands.
  func end(_ record: DoctorRecord, page: String?) {
    clear()
    if !record.checks.isEmpty { write("") }
    write("\(record.name), a \(record.subject.rawValue): \(record.headline)")
    write("\(record.counts), in \(Int(record.seconds.rounded())) s")
    for (verdict, title) in [(CheckVerdict.fail, "failed"), (.warn, "to look at")] {
      let names = record.names(verdict)
      if !names.isEmpty { write("\(title): \(names.joined(separator: ", "))") }
    }
    if let page { write("Page: \(page)") }
  }

  private static func mark(_ verdict: CheckVerdict) -> String {
    switch verdict {
    case .pass: "pass"
    case .warn: "look"
    case .fail: "FAIL"
    case .notRun: "-   "
    }
  }

  private func clear() {
    if isLineOpen { output.write("\r\u{1B}[K") }
    isLineOpen = false
  }
}
