import Foundation
import Testing
import Runs
import Training
@testable import Doctor

struct MeasureTemp {
  @Test func measure() throws {
    var watch = TrainingWatch(losses: CycleGANLosses.names, totalSteps: 100_000)
    let begin = Date()
    for step in 1...100_000 {
      _ = watch.follow(step: step, losses: [0.4, 0.4, 2, 2, 1, 1, 0.2 + 0.01 * Double(step % 7), 0.2])
    }
    print("## 100k steps", Date().timeIntervalSince(begin))
    guard let list = ProcessInfo.processInfo.environment["RUNS"] else { return }
    for path in list.split(separator: ":") {
      do {
        let checks = try TranslatorRunChecks(URL(fileURLWithPath: String(path)))
        let record = Examination(.run, name: String(path), steps: checks.steps).record()
        print("##", path)
        for check in record.checks {
          let m = check.measures.map { "\($0.name)=\($0.value.map { String(format: "%.4g", $0) } ?? "-")" }.joined(
            separator: ", ")
          print(
            "   \(check.verdict.rawValue) \(check.name): \(check.finding.prefix(300)) [\(m)] \(String(format: "%.1f", check.seconds))s"
          )
        }
      } catch { print("##", path, "ERROR", error) }
    }
  }
}
