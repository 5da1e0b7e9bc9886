import ArgumentParser
import Datasets
import Files
import Foundation

/// `patina split DATASET`
struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Divide a data set into training, validation and test images.",
    discussion: """
      Each class stands in each split in its share, and a group (exposures of one part, windows of one image, copies)
      never on two sides. The same seed gives the same split; splits.json is replaced in one step.

      Example:
        patina split tiles --seed 1 --train 0.6 --validation 0.2 --test 0.2
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

  @Flag(help: "Print the counts as JSON.")
  var json = false

  func run() throws {
    let splitter = try Splitter(train: train, validation: validation, test: test, seed: seed)
    let set = try splitter.split(try Dataset(at: URL(fileURLWithPath: dataset)))
    if json {
      var counts: [String: [String: Int]] = [:]
      for name in set.classNames {
        for split in Split.allCases {
          counts[name, default: [:]][split.rawValue] = set.images(inClass: name, split: split).count
        }
      }
      print(String(decoding: try JSONFile.encode(counts), as: UTF8.self), terminator: "")
    } else {
      var table = TextTable(["class"] + Split.allCases.map(\.rawValue))
      for name in set.classNames {
        table.add([name] + Split.allCases.map { String(set.images(inClass: name, split: $0).count) })
      }
      print(table.text)
    }
  }
}
