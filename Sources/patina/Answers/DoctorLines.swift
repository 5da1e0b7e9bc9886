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
  private var shown: Set<String> = []
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

  func show(_ check: Check, _ outcome: Outcome) {
    clear()
    guard !isSilent else { return }
    shown.insert(check.rawValue)
    let advice = [.warn, .fail].contains(outcome.verdict) ? outcome.advice ?? check.advice : ""
    show(check.rawValue, outcome.verdict, outcome.finding, advice)
  }

  /// What was not made, what it comes to, and where the page stands.
  func end(_ record: DoctorRecord, page: String?) {
    clear()
    for result in record.checks where !shown.contains(result.name) {
      show(result.name, result.verdict, result.finding, result.advice)
    }
    if !record.checks.isEmpty { write("") }
    write("\(record.name), a \(record.subject.rawValue): \(record.headline)")
    write("\(record.counts), in \(Int(record.seconds.rounded())) s")
    for (verdict, title) in [(CheckVerdict.fail, "failed"), (.warn, "to look at")] {
      let names = record.names(verdict)
      if !names.isEmpty { write("\(title): \(names.joined(separator: ", "))") }
    }
    if let page { write("Page: \(page)") }
  }

  private func show(_ name: String, _ verdict: CheckVerdict, _ finding: String, _ advice: String) {
    let space = String(repeating: " ", count: max(0, Self.width - name.count))
    write("\(Self.mark(verdict))  \(name)\(space)  \(finding)")
    if !advice.isEmpty { write("\(String(repeating: " ", count: Self.width + 8))→ \(advice)") }
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
