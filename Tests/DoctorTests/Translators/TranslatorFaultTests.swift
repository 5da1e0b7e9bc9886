import Foundation
import Runs
import Testing

@testable import Doctor

/// Each known fault is caught, by name, by the check that is for it; the same translator without a fault passes.
struct TranslatorFaultTests {
  private static func examined(_ fault: TranslatorFault?, skipping skipped: Set<Check> = []) -> DoctorRecord {
    let steps = TranslatorChecks(.homemade(fault), seed: 1).steps()
    return Examination(.network, name: "homemade", steps: steps).record(.init(skipped: skipped))
  }

  @Test func withoutAFaultEveryCheckPasses() {
    let record = Self.examined(nil)
    #expect(record.checks.filter { $0.verdict != .pass }.map { "\($0.name): \($0.finding)" } == [])
    #expect(record.checks.count == 13)
  }

  @Test(arguments: TranslatorFault.allCases) func aFaultIsCaughtByItsCheck(_ fault: TranslatorFault) throws {
    // What it says of a fault takes longer than all others: the matrix has it.
    let record = Self.examined(fault, skipping: [.overfitCycle])
    let result = try #require(record.checks.first { $0.name == fault.check.rawValue })
    #expect(result.verdict == .fail)
    for words in fault.words { #expect(result.finding.contains(words), "\(result.finding)") }
    let objections = Set(record.checks.filter { [.fail, .warn].contains($0.verdict) }.map(\.name))
    #expect(objections == Set(fault.others.map(\.rawValue)).union([fault.check.rawValue]))
  }

  /// Writes the matrix of faults and checks, for the documentation, into the file that PATINA_DOCTOR_MATRIX names.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["PATINA_DOCTOR_MATRIX"] != nil)) func matrix() throws {
    let path = try #require(ProcessInfo.processInfo.environment["PATINA_DOCTOR_MATRIX"])
    let healthy = Self.examined(nil)
    let names = healthy.checks.map(\.name)
    func row(_ title: String, _ record: DoctorRecord) -> String {
      let cells = record.checks.map { ["pass": "·", "warn": "warn", "fail": "FAIL"][$0.verdict.rawValue] ?? "–" }
      return "| \(title) | \(cells.joined(separator: " | ")) |"
    }
    var lines = [
      "| fault | \(names.joined(separator: " | ")) |", "|---|\(names.map { _ in "---|" }.joined())",
      row("none", healthy),
    ]
    var findings: [String] = []
    for fault in TranslatorFault.allCases {
      let record = Self.examined(fault)
      lines.append(row(fault.rawValue, record))
      findings += ["", "**\(fault.rawValue)**"]
      findings += record.checks.filter { ![.pass, .notRun].contains($0.verdict) }.map { "- \($0.name): \($0.finding)" }
    }
    try (lines + findings).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    print(lines.joined(separator: "\n"))
  }
}
