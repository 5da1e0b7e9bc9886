import ArgumentParser
import Foundation
import Reports
import Runs
import TestFolders
import Testing

@testable import Doctor
@testable import patina

/// `patina doctor` as a user runs it.
struct DoctorCommandTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  private func make(_ name: String) throws -> String {
    let made = try PatinaProcess.run(
      "import", "rendered", "--to", temporary[name].path, "--count", "40", "--size", "32", "--defective-share", "0.5")
    try #require(made.code == 0, "\(made.errors)")
    return temporary[name].path
  }

  private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: temporary[name].path) }

  // MARK: A visit

  @Test func aVisitEndsWithItsPage() throws {
    let set = try make("steel")
    let result = try PatinaProcess.run("doctor", set, "--budget", "1s")
    #expect(result.code == 0, "\(result.output)\(result.errors)")
    #expect(result.output.contains("steel, a data set: ") && result.output.contains("0 failed, "))
    #expect(result.output.hasSuffix("Page: \(set)/doctor.html\n"))
    #expect(try String(contentsOf: temporary["steel/doctor.html"], encoding: .utf8).contains("visit to steel"))
    // The page is no part of the data set.
    #expect(try PatinaProcess.run("split", set).code == 0)
  }

  @Test func aFailureEndsWithOneAndIsNamedAtTheEnd() throws {
    let set = try make("steel")
    let image = try #require(try temporary.names(in: "steel/images/clean").first)
    try temporary.write("no picture", "steel/images/clean/\(image)")
    let result = try PatinaProcess.run("doctor", set, "--only", "files,labels", "--no-page")
    #expect(result.code == 1, "\(result.output)\(result.errors)")
    #expect(result.output.contains("FAIL  files ") && result.output.contains("\nfailed: files\n"))
    #expect(result.output.contains(" labels ") && !result.output.contains(" copies "))
    #expect(try PatinaProcess.run("doctor", set, "--only", "files", "--skip", "files", "--no-page").code == 0)
  }

  @Test func theJSONIsTheRecordAndNothingElse() throws {
    let set = try make("steel")
    let page = temporary["page.html"].path
    let result = try PatinaProcess.run(
      "doctor", set, "--json", "--page", page, "--budget", "90s", "--seed", "7", "--threads", "1")
    let record = try JSONDecoder().decode(DoctorRecord.self, from: Data(result.output.utf8))
    #expect(record.name == "steel" && record.subject == .dataset && record.version == 1)
    #expect(record.checks.contains { $0.name == "files" && $0.verdict == .pass })
    for fact in [Fact("budget", "90s"), Fact("seed", "7"), Fact("threads", "1")] {
      #expect(record.facts.contains(fact))
    }
    #expect(has("page.html") && !has("steel/doctor.html"))
  }

  @Test func noPageIsWrittenWhereNobodyAsks() throws {
    let set = try make("steel")
    for arguments in [["--json"], ["--no-page"]] {
      #expect(try PatinaProcess(["doctor", set, "--budget", "1s"] + arguments).finish().code == 0)
    }
    #expect(!has("steel/doctor.html"))
  }

  @Test func failuresAloneEndWithOne() {
    func code(_ verdicts: CheckVerdict...) -> Int32? { DoctorCommand.exitCode(Self.record(verdicts))?.rawValue }
    #expect(code(.pass, .fail, .warn) == 1)
    #expect(code(.pass, .warn, .notRun) == nil && code() == nil)
  }

  // MARK: Which folder

  @Test(arguments: [
    ("annotations.json", DoctorRecord.Subject.dataset), ("run.json", .run), ("results.json", .study),
  ])
  func aFolderIsKnownByItsFiles(file: String, subject: DoctorRecord.Subject) throws {
    try temporary.write("{}", "x/\(file)")
    #expect(try DoctorVisit.subject(of: temporary["x"]) == subject)
  }

  @Test func otherFoldersAreRefusedInWords() throws {
    try temporary.write("{}", "half/plan.json")
    let half = try PatinaProcess.run("doctor", temporary["half"].path)
    #expect(half.code == 2 && half.errors.contains("a study without results"))
    let none = try PatinaProcess.run("doctor", temporary.url.path)
    #expect(none.code == 2 && none.errors.contains("annotations.json") && none.output.isEmpty)
    #expect(try PatinaProcess.run("doctor", "/nowhere").code == 2)
  }

  // MARK: Which checks

  @Test(arguments: [
    ("finite-loses", "finite-losses"), ("Same_Seed", "same-seed"), ("overfit", "overfit-one-batch"),
    ("mode-colapse", "mode-collapse"), ("label", "labels"),
  ])
  func anUnknownCheckIsAnsweredWithTheNearest(name: String, nearest: String) throws {
    for option in ["--only", "--skip"] {
      let result = try PatinaProcess.run("doctor", "anywhere", option, "copies,\(name)")
      #expect(result.code == 2 && result.output.isEmpty)
      #expect(result.errors.contains("there is no check '\(name)'. Did you mean '\(nearest)'?"), "\(result.errors)")
    }
  }

  @Test func whatIsLikeNothingHasNoNearest() {
    #expect(DoctorCheckNames.nearest(to: "qwxz") == nil && DoctorCheckNames.nearest(to: "") == nil)
    #expect(throws: ValidationError.self) { try DoctorCheckNames("copies,") }
  }

  @Test func namesArePartedByCommas() throws {
    #expect(try DoctorCheckNames("copies, same-seed").checks == [.copies, .sameSeed])
    #expect(try DoctorCheckNames("labels").checks == [.labels])
  }

  @Test func aCheckOfSomethingElseIsRefused() throws {
    let result = try PatinaProcess.run("doctor", try make("steel"), "--only", "headroom")
    #expect(result.code == 2 && result.output.isEmpty)
    #expect(result.errors.contains("checks that are made of this data set") && !has("steel/doctor.html"))
  }

  @Test(arguments: [
    ["doctor"], ["doctor", "x", "--budget", "soon"], ["doctor", "x", "--budget", "-5m"],
    ["doctor", "x", "--threads", "0"], ["doctor", "x", "--page", "p.html", "--no-page"], ["doctor", "x", "--markdown"],
    ["doctor", "--list", "--json", "--markdown"],
  ])
  func wrongUsageEndsWithTwo(arguments: [String]) throws {
    let result = try PatinaProcess(arguments).finish()
    // Found before the folder is looked for, which is not there.
    #expect(result.code == 2 && result.errors.contains("Usage: patina doctor") && result.output.isEmpty, "\(result)")
  }

  @Test func helpHasExamples() throws {
    let result = try PatinaProcess.run("doctor", "--help")
    let own = result.output.components(separatedBy: "USAGE:")[0]
    #expect(result.code == 0 && own.contains("  patina doctor windows") && result.output.contains("(default: 5m)"))
  }

  // MARK: Budget

  @Test(arguments: [("90s", 90.0), ("5m", 300), ("1h", 3600), ("1.5h", 5400), (".5m", 30), ("1000h", 3_600_000)])
  func aBudgetIsATime(text: String, seconds: Double) throws {
    let budget = try DoctorBudget(text)
    #expect(budget.seconds == seconds && budget.description == text)
  }

  @Test func aBudgetMayBeNone() throws {
    #expect(try DoctorBudget("none").seconds == nil)
    #expect(DoctorBudget.standard.seconds == 300)
  }

  @Test(arguments: [
    "", "5", "m", "0s", "0m", "-5m", "+5m", "5M", "5 m", "1h30m", "5min", "infs", "nanm", "0x1h", "1e3s", "1..5h", "٣m",
    "1001h", "NONE", "five",
  ])
  func nonsenseIsNoBudget(text: String) {
    #expect(throws: ValidationError.self) { try DoctorBudget(text) }
  }

  // MARK: Lines

  private final class Written {
    var lines: [String] = []
    var progress = ""
  }

  private static func record(_ verdicts: [CheckVerdict], _ checks: [Check] = Check.allCases) -> DoctorRecord {
    DoctorRecord(
      subject: .run, name: "r",
      checks: zip(checks, verdicts).map { check, verdict in
        CheckResult(
          name: check.rawValue, stage: check.stage, title: check.title, verdict: verdict, finding: "found \(verdict)",
          advice: verdict == .fail ? "mend" : "", rule: check.rule, source: check.source)
      }, seconds: 1.6)
  }

  private func lines(_ written: Written, isSilent: Bool = false, width: Int? = 60) -> DoctorLines {
    DoctorLines(
      isSilent: isSilent,
      output: ProgressBar.Output(terminalWidth: { width }, write: { written.progress += $0 }),
      write: { written.lines.append($0) })
  }

  private static func result(_ check: Check, _ verdict: CheckVerdict) -> CheckResult {
    record([verdict], [check]).checks[0]
  }

  @Test func eachCheckHasOneLineAsSoonAsItIsMade() {
    let written = Written()
    let lines = lines(written)
    let record = Self.record([.fail, .notRun, .warn])
    lines.show(record.checks[0])
    #expect(written.lines.count == 2 && written.lines[0].hasPrefix("FAIL  files  "))
    #expect(written.lines[0].hasSuffix("  found fail") && written.lines[1].hasSuffix("→ mend"))
    record.checks.dropFirst().forEach(lines.show)
    lines.end(record, page: "p.html")
    let text = written.lines.joined(separator: "\n")
    #expect(text.components(separatedBy: "FAIL").count == 2)
    #expect(text.contains("-     copies  ") && text.contains("look  copies-across-splits  "))
    #expect(
      written.lines.suffix(5) == [
        "r, a run: 1 check failed, 1 to look at", "1 failed, 1 to look at, 0 passed, 1 not run, in 2 s",
        "failed: files", "to look at: copies-across-splits", "Page: p.html",
      ])
  }

  @Test func aPassedCheckHasNothingToTry() {
    let written = Written()
    lines(written).show(Self.result(.files, .pass))
    #expect(written.lines.count == 1 && written.lines[0].hasPrefix("pass  files"))
  }

  @Test func theLineOfProgressGoesBeforeAnythingElseIsWritten() {
    let written = Written()
    let lines = lines(written)
    lines.progress(.sameSeed, 1, 4)
    #expect(written.progress.hasPrefix("same-seed 1/4 25% [") && !written.progress.contains("\n"))
    lines.show(Self.result(.sameSeed, .pass))
    #expect(written.progress.hasSuffix("\r\u{1B}[K"))
    // Where nobody watches there is none.
    let unwatched = Written()
    self.lines(unwatched, width: nil).progress(.sameSeed, 1, 4)
    #expect(unwatched.progress.isEmpty)
  }

  @Test func jsonHasStandardOutputForItself() {
    let written = Written()
    lines(written, isSilent: true).show(Self.result(.files, .fail))
    #expect(written.lines.isEmpty)
  }

  // MARK: The list

  @Test func theListNamesEveryCheckWithItsRuleAndSource() throws {
    let result = try PatinaProcess.run("doctor", "--list")
    #expect(result.code == 0)
    for check in Check.allCases {
      #expect(result.output.contains("\n  \(check.rawValue)\n      \(check.title)\n      passes when: \(check.rule)\n"))
      #expect(result.output.contains("source: \(check.source)\n"))
    }
    #expect(result.output.hasPrefix("data\n  files\n"))
    let json = try PatinaProcess.run("doctor", "--list", "--json")
    let entries = try JSONDecoder().decode([DoctorList.Entry].self, from: Data(json.output.utf8))
    #expect(entries.map(\.name) == Check.allCases.map(\.rawValue))
  }

  @Test func theDocumentHoldsTheTablesOfThisVersion() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let document = try String(contentsOf: root.appendingPathComponent("docs/doctor.md"), encoding: .utf8)
    let tables = try PatinaProcess.run("doctor", "--list", "--markdown").output
    for check in Check.allCases { #expect(tables.contains("\n| `\(check.rawValue)` | \(check.title) | ")) }
    #expect(document.contains("\n\(tables)"), "docs/doctor.md: put in what patina doctor --list --markdown prints")
    // The README leads to checks that there are.
    let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let named = readme.matches(of: #/patina doctor [^`|]*--only ([a-z,-]+)/#).flatMap { $0.1.split(separator: ",") }
    #expect(named.count > 10)
    for name in named { #expect(Check(rawValue: String(name)) != nil, "README.md names \(name)") }
  }
}
