import ArgumentParser
import Datasets
import Foundation

/// `patina subset DATASET --to FOLDER --keep CLASS=N`
struct SubsetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subset",
    abstract: "Copy a data set with fewer training images of some classes.",
    discussion: """
      Shows what can be learned from few defects: train on the copy, and test on the
      same test images as ever. Validation and test images all stay, and with the
      same seed what a smaller number keeps, a larger one keeps too.

      Examples:
        patina subset tiles --to tiles-10 --keep Crack=10
        patina subset tiles --to small --keep Crack=25 --keep Free=100 --seed 2
      """)

  @Argument(help: "The folder of the data set; it must be split.", completion: .directory)
  var dataset: String

  @Option(help: "The folder to write; must be new.", completion: .directory)
  var to: String

  @Option(help: ArgumentHelp("So many training images of a class stay; may be repeated.", valueName: "CLASS=N"))
  var keep: [KeptCount]

  @Option(help: "Seed of what stays.")
  var seed: UInt64 = 0

  func validate() throws {
    guard !keep.isEmpty else { throw ValidationError("say what shall stay, such as --keep Crack=10") }
    guard Set(keep.map(\.name)).count == keep.count else { throw ValidationError("--keep names a class once") }
  }

  func run() throws {
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    let subset = Subset(Dictionary(uniqueKeysWithValues: keep.map { ($0.name, $0.count) }), seed: seed)
    let progress = WorkProgress("copying")
    let made = try subset.write(set, to: URL(fileURLWithPath: to)) { progress.update(done: $0, total: $1) }
    progress.finish()
    let training = made.classNames.map { "\(made.images(inClass: $0, split: .train).count) \($0)" }
    print(
      "\(made.images.count) of \(set.images.count) images in \(to); to learn from: " + training.joined(separator: ", "))
  }
}

/// `Crack=10`.
struct KeptCount: ExpressibleByArgument {
  let name: String
  let count: Int

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals != argument.startIndex,
      let count = Int(argument[argument.index(after: equals)...]), count >= 0
    else { return nil }
    name = String(argument[..<equals])
    self.count = count
  }
}
