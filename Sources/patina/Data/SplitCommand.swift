import ArgumentParser
import Datasets
import Files
import Foundation
import Runs

/// `patina split DATASET`
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a data set into training, validation and test images.",
    discussion: """
      Each class stands in each split in its share, as near as groups allow; a group (exposures of one part, windows of one
      image, the same file twice) never on two sides. More can be joined to groups: by a table, by a pattern in the names, or
      images that show the same.

      The test images are frozen by the contents of their files: the same command again gives the same split, also when files
      were renamed or imported anew, and what would change the test images is refused.

      Examples:
        patina split tiles --seed 1 --train 0.6 --validation 0.2 --test 0.2
        patina split parts --groups groups.csv
        patina split parts --group-pattern '^(part[0-9]+)_' --group-duplicates view
        patina split parts --keep-test --seed 2
        patina split parts.new --frozen-from parts
      """)

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Option(help: "The seed of the split.")
  var seed: UInt64 = 0

  @Option(help: "The share for training.")
  var train = 0.6

  @Option(help: "The share for choosing models and thresholds.")
  var validation = 0.2

  @Option(help: "The share for the last measurement.")
  var test = 0.2

  @Option(
    help: "A CSV file with the columns file and group: images of one group stay together.",
    completion: .file(extensions: ["csv"]))
  var groups: String?

  @Option(help: "A regular expression with one capture: images for whose names it captures the same stay together.")
  var groupPattern: String?

  @Option(
    help: """
      Images that show the same stay together: 'copy' for one picture, turned or saved again, 'view' also for repeated shots \
      of a part.
      """)
  var groupDuplicates: NearDuplicates.Likeness?

  @Flag(help: "Keep the frozen test images and divide the others anew.")
  var keepTest = false

  @Flag(help: "Forget the frozen test images. Results on the old ones do not compare with new ones.")
  var replaceTest = false

  @Option(help: "Hold on to the frozen split of this data set.", completion: .directory)
  var frozenFrom: String?

  @Option(help: "Threads that decode, for --group-duplicates.")
  var threads = 2

  @Flag(help: "Print the counts as JSON.")
  var json = false

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard !keepTest || !replaceTest else { throw ValidationError("--keep-test and --replace-test exclude each other") }
    guard frozenFrom == nil || !replaceTest else {
      throw ValidationError("--frozen-from and --replace-test exclude each other")
    }
  }

  func run() throws {
    let splitter = try Splitter(train: train, validation: validation, test: test, seed: seed)
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    var joined = SplitGroups(of: set)
    if let groups { try joined.join(table: URL(fileURLWithPath: groups)) }
    if let groupPattern { try joined.join(pattern: groupPattern) }
    if let groupDuplicates {
      let bar = ProgressBar(label: "looking for images that show the same", total: set.images.count)
      try joined.join(duplicates: groupDuplicates, threads: threads) { bar.update(done: $0) }
      bar.finish()
    }
    let frozen = try frozenFrom.map { folder in
      guard let frozen = try FrozenSplit(at: URL(fileURLWithPath: folder)) else {
        throw InputError(at: folder, expected: "a data set that was split", found: "one that was not")
      }
      return frozen
    }
    let testImages: SplitRun.TestImages = keepTest ? .keep : replaceTest ? .replace : .refuseChange
    let (result, report) = try SplitRun(splitter, groups: joined, testImages: testImages, frozen: frozen).run(set)
    if json {
      print(String(decoding: try JSONFile.encode(report), as: UTF8.self), terminator: "")
    } else {
      print(text(report, classes: result.classNames))
    }
  }

  private func text(_ report: SplitReport, classes: [String]) -> String {
    let columns = Split.allCases.map(\.rawValue) + (report.leftOut.isEmpty ? [] : ["none"])
    var table = TextTable(["class"] + columns)
    for name in classes { table.add([name] + columns.map { String(report.classes[name]?[$0] ?? 0) }) }
    var lines = [table.text]
    let ways = report.ways.isEmpty ? "" : ", joined by \(report.ways.joined(separator: ", "))"
    lines.append("\(report.groups) groups\(ways)")
    for rare in report.rare {
      lines.append(
        "Note: \(rare.name) stands in \(rare.groups) \(rare.groups == 1 ? "group" : "groups"), too few or too closely bound for "
          + "all splits: none in \(rare.missing.map(\.rawValue).joined(separator: " and "))")
    }
    if !report.leftOut.isEmpty {
      lines.append(
        "Note: \(report.leftOut.count) images stand in no split, for frozen test images hang together with them: "
          + report.leftOut.prefix(5).joined(separator: ", ") + (report.leftOut.count > 5 ? ", …" : ""))
    }
    switch report.test {
    case .new: lines.append("The test images are frozen from now on.")
    case .kept: lines.append("The test images are those that were frozen.")
    case .replaced: lines.append("The test images are new: nothing that was measured before compares.")
    }
    return lines.joined(separator: "\n")
  }
}

extension NearDuplicates.Likeness: ExpressibleByArgument {}
