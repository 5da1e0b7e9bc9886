import ArgumentParser

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a translator from clean to defective surfaces, or what finds defects.",
    discussion: """
      Examples:
        patina train cyclegan --dataset windows --clean Free \\
            --defect Crack --size 64 --steps 3000 --run runs/crack
        patina train classifier --dataset windows --size 64 --run runs/classes
        patina train segmenter --dataset tiles --size 64 --run runs/where
      """,
    subcommands: [
      TrainCycleGANCommand.self, TrainCUTCommand.self, TrainClassifierCommand.self, TrainSegmenterCommand.self,
    ])
}
