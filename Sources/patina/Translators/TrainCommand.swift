import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a translator from clean to defective surfaces.",
    discussion: """
      Example:
        patina train cyclegan --dataset windows --clean Free \\
            --defect Crack --size 64 --steps 3000 --run runs/crack
      """,
    subcommands: [TrainCycleGANCommand.self, TrainCUTCommand.self])
}
