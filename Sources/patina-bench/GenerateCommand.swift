import ArgumentParser
import Models
import Torch

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Translates a fixed random batch, without gradients.",
    discussion: """
      Examples:
        echo run | patina-bench generate --pixels 256 --batch 8 --precision bf16
      """)

  @OptionGroup var network: NetworkOptions

  func run() throws {
    try network.setThreads()
    let configuration = network.configuration()
    let model = try ResNetGenerator(
      filters: configuration.filters, blocks: configuration.blocks, generator: Generator(seed: 0))
    let input = try network.randomImages(seed: 1)
    try Worker.serve {
      let output = try withoutGradients {
        try withAutocast(network.type, on: .cpu) { try model(input) }
      }
      return [Double(output.shape[0])]
    }
  }
}
