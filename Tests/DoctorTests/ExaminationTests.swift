import Runs
import Testing

@testable import Doctor

/// The order of checks, the time they may take, and what becomes of one that cannot be made.
struct ExaminationTests {
  private struct Broken: Error {}

  private func steps() -> [Examination.Step] {
    [
      .init(.placebo) { Outcome(.pass, "nothing") },
      .init(.files) { Outcome(.fail, "two", measures: [.init("files", 2, "0")]) },
      .init(.sameSeed, cost: 100) { Outcome(.warn, "hm", advice: "look") },
      .init(.labels) { throw Broken() },
    ]
  }

  @Test func checksAreMadeInTheRecipesOrder() {
    var seen: [String] = []
    let record = Examination(.run, name: "r", steps: steps()).record { next, done, total in
      seen.append("\(next?.rawValue ?? "end") \(done)/\(total)")
    }
    #expect(seen == ["files 0/4", "labels 1/4", "same-seed 2/4", "placebo 3/4", "end 4/4"])
    #expect(record.checks.map(\.verdict) == [.fail, .fail, .warn, .pass])
    #expect(record.checks[0].advice == Check.files.advice && record.checks[2].advice == "look")
    #expect(record.checks[3].advice.isEmpty && record.checks[1].finding.hasPrefix("could not be made: "))
    #expect(record.names(.fail) == ["files", "labels"])
  }

  @Test func onlySkipAndBudgetSayWhyTheyDidNotRun() {
    let examination = Examination(.run, name: "r", steps: steps())
    var finished: [String] = []
    let record = examination.record(
      .init(only: [.files, .sameSeed, .labels], skipped: [.files], budget: 1),
      finished: { finished.append($0.name) })
    // The first that is made is made whatever it takes; what would come too late is not begun.
    #expect(record.checks.map(\.name) == ["files", "labels", "same-seed"] && finished == record.checks.map(\.name))
    #expect(record.checks.map(\.verdict) == [.notRun, .fail, .notRun])
    #expect(record.checks[0].finding.contains("--skip") && record.checks[2].finding.contains("takes about 100 s"))
    #expect(examination.record(.init(budget: 1000)).count(of: .notRun) == 0)
    // What costs nothing is made when the time is over, too.
    #expect(examination.record(.init(budget: 1e-9)).names(.notRun) == ["same-seed"])
    #expect(examination.record(.init(only: [.sameSeed], budget: 1)).names(.warn) == ["same-seed"])
  }

  /// What is dear is prepared once, and not at all where nobody asks for it.
  @Test func whatIsDearIsPreparedWhenItIsNeeded() {
    var prepared = 0
    var asked = 0
    func cost() -> Double {
      asked += 1
      return 2
    }
    func examination() -> Examination {
      let steps = Examination.Step.deferred([.files, .labels, .capacity], "it cannot be made") {
        prepared += 1
        return [
          .init(.files) { Outcome(.pass, "one") }, .init(.labels, cost: cost()) { Outcome(.pass, "two") },
          .init(.capacity) { throw Broken() },
        ]
      }
      return Examination(.dataset, name: "d", steps: steps)
    }
    #expect(examination().record(.init(only: [])).checks.isEmpty && prepared == 0)
    let record = examination().record()
    #expect(record.checks.map(\.verdict) == [.pass, .pass, .fail] && prepared == 1 && asked == 0)
    #expect(examination().record(.init(budget: 1)).names(.notRun) == ["labels"] && prepared == 2 && asked == 1)
    let broken = Examination.Step.deferred([.files], "it cannot be made") { throw Broken() }
    let result = Examination(.dataset, name: "d", steps: broken).record().checks[0]
    #expect(result.verdict == .notRun && result.finding == "it cannot be made: Broken()")
  }

  @Test func everyCheckIsDescribed() {
    #expect(Set(Check.allCases.map(\.title)).count == Check.allCases.count)
    for check in Check.allCases {
      #expect(!check.rule.isEmpty && !check.source.isEmpty && !check.advice.isEmpty && !check.stage.isEmpty)
      #expect(check.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
    }
  }
}
