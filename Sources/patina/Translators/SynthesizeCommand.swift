import ArgumentParser
import Datasets
import Files
import Foundation
import Runs
import Synthesis
import Torch

struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize", abstract: "Write a labelled data set of synthetic defects.",
    discussion: """
      Clean images of the training split are translated by a trained run. Every
      image carries its source, the hash of the weights, the seed and the step. A
      run that was trained on images outside the training split is refused.

      Example:
        patina synthesize runs/crack windows --to synthetic --count 200
      """)

  @Argument(help: ArgumentHelp("Folder of a trained run.", valueName: "run")) var translator: String
  @Argument(help: "The data set with the clean images.") var dataset: String
  @Option(help: "Folder of the new data set.") var to: String
  @Option(help: "How many images.") var count: Int
  @Option(help: "Seed of which images are taken, and how they are cropped.") var seed: UInt64 = 0
  @Flag(help: "Print a summary as JSON.") var json = false

  private struct Summary: Encodable {
    let dataset: String
    let images: Int
    let defect: String
    let model: String
    let step: Int
    let seed: UInt64
  }

  func run() throws {
    let translator = try Translator(run: URL(fileURLWithPath: self.translator))
    let source = try Dataset(at: URL(fileURLWithPath: dataset))
    let bar = ProgressBar(label: "synthesizing", total: count)
    let made = try Synthesizer(translator, dataset: source, seed: seed)
      .synthesize(count: count, to: URL(fileURLWithPath: to)) { bar.update(done: $0) }
    bar.finish()
    let summary = Summary(
      dataset: to, images: made.images.count, defect: translator.configuration.classNames.defect,
      model: translator.modelHash, step: translator.step, seed: seed)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
    } else {
      print(
        "\(summary.images) images of \(summary.defect) in \(to), by weights \(summary.model.prefix(12)) of step \(summary.step)"
      )
    }
  }
}
