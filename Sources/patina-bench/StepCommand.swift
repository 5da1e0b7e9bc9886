import ArgumentParser
import Foundation
import Layers
import Torch
import Training

struct StepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "step", abstract: "One whole CycleGAN training step on a fixed random batch.",
    discussion: """
      Answers carry the eight losses in the order of losses.csv.

      Examples:
        echo run | patina-bench step --pixels 64 --filters 32 --blocks 6 --batch 8
        echo run | patina-bench step --filters 32 --write-start start.safetensors
      """)

  @OptionGroup var network: NetworkOptions
  @Option(help: "Write the weights and the batch that the first step starts from, for a peer to start from too.")
  var writeStart: String?

  func run() throws {
    try network.setThreads()
    let trainer = try CycleGANTrainer(network.configuration())
    let (clean, defect) = (try network.randomImages(seed: 1), try network.randomImages(seed: 2))
    if let writeStart {
      try Safetensors.write(start(trainer, clean, defect), to: URL(fileURLWithPath: writeStart))
    }
    try Worker.serve { try trainer.train(clean: clean, defect: defect, rateFactor: 1).read().values }
  }

  /// Under the published code's names of the four networks.
  private func start(_ trainer: CycleGANTrainer, _ clean: Tensor, _ defect: Tensor) throws -> [String: Tensor] {
    let model = trainer.model
    let networks: [(String, any Module)] = [
      ("G_A", model.cleanToDefect), ("G_B", model.defectToClean), ("D_A", model.defectDiscriminator),
      ("D_B", model.cleanDiscriminator),
    ]
    var result = ["real_A": clean, "real_B": defect]
    for (name, module) in networks {
      for (key, tensor) in try module.stateDictionary() { result["\(name).\(key)"] = tensor }
    }
    return result
  }
}
