import ArgumentParser
import Datasets
import Files
import Foundation
import Images
import Reports
import Runs
import Synchronization

/// `patina inspect DATASET`
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Become one with the data: what is in a data set, and what is wrong with it.",
    discussion: """
      Opens every image once and writes one page that opens offline: the strangest images first, then what is wrong (broken
      files, copies, leaks between splits, contradicting labels, odd masks, shortcuts by which clean and defective or train
      and test can be told apart without looking), then counts, sizes, brightness, and where defects lie.

      A data set that other commands refuse is read as far as it can be understood, and all its faults are named.

      Exit code: 0 when nothing of the severity given by --fail-on was found, otherwise 1.

      Examples:
        patina inspect tiles
        patina inspect tiles --page tiles.html --sheet tiles.png
        patina inspect tiles --json --fail-on warning > tiles.json
      """)

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Flag(help: "Print everything as JSON; the page is then written only with --page.")
  var json = false

  @Option(help: "The page's file. (default: inspection.html in the data set's folder)")
  var page: String?

  @Flag(name: .customLong("no-page"), help: "Write no page.")
  var hasNoPage = false

  @Option(help: "Exit with 1 when something as serious as this was found: error, warning or never.")
  var failOn: FailOn = .error

  enum FailOn: String, CaseIterable, ExpressibleByArgument { case error, warning, never }

  @Option(help: "The area under the curve (0.5 is chance) from which on a shortcut is a finding.")
  var probeThreshold = 0.7

  @Option(help: "How many of the strangest images are shown.")
  var outliers = 16

  @Option(help: "The seed by which groups are divided for the probes.")
  var seed: UInt64 = 0

  @Option(help: "Write a contact sheet, a row for each class, to this PNG file.")
  var sheet: String?

  @Option(help: "Images in a row of the sheet.")
  var columns = 10

  @Option(help: "Threads that decode.")
  var threads = 2

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard (1...100).contains(columns) else { throw ValidationError("--columns is 1 to 100") }
    guard (0...200).contains(outliers) else { throw ValidationError("--outliers is 0 to 200") }
    guard probeThreshold >= 0.5, probeThreshold <= 1 else { throw ValidationError("--probe-threshold is 0.5 to 1") }
    guard page == nil || !hasNoPage else { throw ValidationError("--page and --no-page exclude each other") }
  }

  func run() throws {
    let opened = try OpenedDataset(at: URL(fileURLWithPath: dataset))
    let inspector = DatasetInspector(
      threads: threads, seed: seed, probeThreshold: probeThreshold, outlierCount: outliers)
    let bar = SharedProgress(ProgressBar(label: "inspect", total: opened.dataset.images.count))
    let record = inspector.inspect(opened) { bar.update(done: $0) }
    bar.finish()
    var written: URL?
    if !hasNoPage, page != nil || !json {
      let url =
        page.map { URL(fileURLWithPath: $0) } ?? opened.dataset.folder.appendingPathComponent("inspection.html")
      let pictures = InspectionPictures(of: opened.dataset, threads: threads).thumbnails(of: record.imagesShown)
      try InspectionReport(record: record, pictures: pictures).write(to: url)
      written = url
    }
    if json {
      print(String(decoding: try JSONFile.encode(record), as: UTF8.self), terminator: "")
    } else {
      print(InspectionText(record, page: written?.path).text)
    }
    if let sheet {
      let image = try opened.dataset.contactSheet(columns: columns).rendered()
      try AtomicFile.write(try image.encoded(as: .png), to: URL(fileURLWithPath: sheet))
    }
    let isSerious =
      switch failOn {
      case .error: record.count(of: .error) > 0
      case .warning: record.count(of: .error) + record.count(of: .warning) > 0
      case .never: false
      }
    if isSerious { throw ExitCode.failure }
  }
}

/// A progress bar that several threads report to.
private final class SharedProgress: Sendable {
  private let bar: Mutex<ProgressBar>

  init(_ bar: sending ProgressBar) { self.bar = Mutex(bar) }

  func update(done: Int) { bar.withLock { $0.update(done: done) } }
  func finish() { bar.withLock { $0.finish() } }
}
