import Foundation
import Runs
import Testing

@testable import Doctor

/// Each failure of the recipe is seeded on purpose and has to be caught by name; a healthy training has to pass.
struct LearnerFaultTests {
  private func visit(_ subject: LearnerSubject, seed: UInt64 = 0) -> DoctorRecord {
    Examination(.network, name: "toy", steps: LearnerChecks(subject, seed: seed).steps()).record()
  }

  private func told(_ record: DoctorRecord) -> String {
    record.checks.map { "\($0.name) \($0.verdict.rawValue): \($0.finding)" }.joined(separator: "\n")
  }

  @Test(arguments: RecipeFault.allCases)
  func aFaultIsCaughtByName(fault: RecipeFault) throws {
    let record = visit(try .toy(fault))
    let objecting = record.names(.fail) + record.names(.warn)
    #expect(objecting.contains(fault.check.rawValue), "\(told(record))")
    if ProcessInfo.processInfo.environment["PATINA_DOCTOR_MATRIX"] != nil {
      print(
        "| \(fault.rawValue) | `\(fault.check.rawValue)` | \(objecting.map { "`\($0)`" }.joined(separator: ", ")) |")
    }
  }

  /// No false alarm on healthy trainings.
  @Test(arguments: 0..<20)
  func healthyTrainingsPass(seed: Int) throws {
    let record = visit(try .toy(), seed: UInt64(seed))
    #expect(Set(record.checks.map(\.name)) == Set(LearnerChecks.checks.map(\.rawValue)))
    #expect(record.count(of: .pass) == record.checks.count && record.checks.count == 13, "\(told(record))")
  }
}
