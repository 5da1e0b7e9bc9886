import ArgumentParser
import Doctor
import Files
import Foundation
import Reports
import Runs
import Torch

/// `patina doctor PATH`
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for what goes wrong silently in a data set, a training run or a study.",
    discussion: """
      Trainings rarely stop at a mistake: labels that moved, inputs that never
      arrive or a test set that was learned from only make the figures worse, or
      too good. The doctor measures what can be measured, by stages, and says of
      each check what it found, what that is held against, and what to try next. A
      page that opens offline shows it with pictures.

      A check that would not fit into what is left of --budget is not begun, and is
      named as not run.

      Exit code: 0 when nothing failed, 1 when something failed, 2 for wrong usage.

      Examples:
        patina doctor windows
        patina doctor runs/crack --budget 15m --page crack.html
        patina doctor runs/cells --only overfit-one-batch,input-independent
        patina doctor studies/tiles --json > tiles.json
        patina doctor --list
      """)

  @Argument(
    help: ArgumentHelp("The folder of a data set, a run or a study.", valueName: "dir"), completion: .directory)
  var path: String?

  @Option(
    help: ArgumentHelp(
      "How long it may take, such as 90s or 1h; none for as long as it takes. (default: 5m)", valueName: "time"),
    transform: DoctorBudget.init)
  var budget = DoctorBudget.standard

  @Option(
    help: ArgumentHelp("Make these checks alone, parted by commas.", valueName: "checks"),
    transform: DoctorCheckNames.init)
  var only: DoctorCheckNames?

  @Option(
    help: ArgumentHelp("Leave these checks out, parted by commas.", valueName: "checks"),
    transform: DoctorCheckNames.init)
  var skip: DoctorCheckNames?

  @Flag(help: "Print everything as JSON; the page is then written only with --page.")
  var json = false

  @Option(help: ArgumentHelp("The page's file. (default: doctor.html in the folder)", valueName: "file"))
  var page: String?

  @Flag(name: .customLong("no-page"), help: "Write no page.")
  var hasNoPage = false

  @Flag(help: "Leave the pictures out, where the page may be passed on but the images may not.")
  var withoutPictures = false

  @Option(help: "The seed of everything random in the checks.") var seed: UInt64 = 0
  @Option(help: "Threads.") var threads = Runtime.threadCount

  @Flag(help: "Name all checks by stage, with the rule and the source of each.")
  var list = false

  @Flag(help: "With --list: as tables in Markdown.")
  var markdown = false

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads needs 1 to 1024") }
    guard page == nil || !hasNoPage else { throw ValidationError("--page and --no-page exclude each other") }
    guard list || !markdown else { throw ValidationError("--markdown goes with --list") }
    guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other") }
    guard list || path != nil else {
      throw ValidationError("Give the folder of a data set, a run or a study, or --list")
    }
  }

  func run() throws {
    guard !list, let path else { return try printList() }
    try Runtime.setThreadCount(threads)
    let folder = URL(fileURLWithPath: path)
    let lines = DoctorLines(isSilent: json)
    var visit = try DoctorVisit(folder, seed: seed, threads: threads)
    try checkNames(visit.examination)
    visit.facts.insert(Fact("budget", "\(budget)"), at: 0)
    let record = visit.examination.record(
      choice, facts: visit.facts, progress: lines.progress, finished: lines.show)
    var written: URL?
    if !hasNoPage, page != nil || !json {
      let url = page.map { URL(fileURLWithPath: $0) } ?? folder.appendingPathComponent("doctor.html")
      try DoctorReport(record, showsPictures: !withoutPictures).write(to: url)
      written = url
    }
    if json {
      print(String(decoding: try JSONFile.encode(record), as: UTF8.self), terminator: "")
    } else {
      lines.end(record, page: written?.path)
    }
    if let code = Self.exitCode(record) { throw code }
  }

  /// nil for a visit without failures.
  static func exitCode(_ record: DoctorRecord) -> ExitCode? { record.count(of: .fail) > 0 ? .failure : nil }

  private var choice: Examination.Choice {
    Examination.Choice(
      only: only.map { Set($0.checks) }, skipped: Set(skip?.checks ?? []), budget: budget.seconds)
  }

  /// A check of something else would be left out in silence.
  private func checkNames(_ examination: Examination) throws {
    let made = Set(examination.checks)
    for check in only?.checks ?? [] where !made.contains(check) {
      let names = Check.allCases.filter(made.contains).map(\.rawValue).joined(separator: ", ")
      throw InputError(
        at: "--only", expected: "checks that are made of this \(examination.subject.rawValue) (\(names))",
        found: check.rawValue)
    }
  }

  private func printList() throws {
    let list = DoctorList()
    if json {
      print(String(decoding: try JSONFile.encode(list.entries), as: UTF8.self), terminator: "")
    } else {
      print(markdown ? list.markdown : list.text)
    }
  }
}
