import ArgumentParser
import Datasets
import Files
import Foundation
import Runs
import Synthesis
import Torch
import Training

struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize", abstract: "Write a labelled data set of synthetic defects.",
    discussion: """
      Clean images of the training split are translated by a trained run. Every
      image carries its source, the hash of the weights, the seed and the step. A
      run that was trained on images outside the training split is refused.

      A run with --masks makes defects on clean images of any size, just where masks
      are put: every label is the mask, and every pixel outside of it and its soft
      edge is the clean image's own. Gates then judge each image (change, agreement
      and memory; --gates none keeps all): nothing changed elsewhere, the mask's
      pixels did, and the defect is no copy of a training defect. The gate seam also
      asks whether the mask's rim looks as those of real defects do. Refused images
      lie in OUT.refused, each with its reason. --count is the number of images made.

      A run without masks changes what it likes. What it changed beyond light and
      contrast becomes the label's mask, with a figure of how well changed and
      unchanged pixels are told apart (0 to 1; see --mask-quality). Images with masks
      of less quality, or whose whole surface was made anew, lie in OUT.refused with
      the reason. --labels image labels whole images instead. --whole translates whole images at native scale; otherwise
      windows are cut as in training.

      Examples:
        patina synthesize runs/crack windows --to synthetic --count 200
        patina synthesize runs/crack strips --to synthetic --count 50 --whole
        patina synthesize runs/crack windows --to all --count 200 --labels image
        patina synthesize runs/masked tiles --to synthetic --count 500 --masks drawn
        patina synthesize runs/masked tiles --to best --count 500 --keep 0.8
      """)

  @Argument(help: ArgumentHelp("Folder of a trained run.", valueName: "run")) var translator: String
  @Argument(help: "The data set with the clean images.") var dataset: String
  @Option(help: "Folder of the new data set.") var to: String
  @Option(help: "How many images.") var count: Int
  @Option(help: "Seed of which images are taken, and how they are cropped.") var seed: UInt64 = 0
  @Option(
    help: """
      For a run with masks: the training split's own ('real'), moved, turned and \
      scaled, or 'drawn' like them. Default: as it was trained.
      """)
  var masks: MaskSettings.Shapes?
  @Option(help: "For a run with masks: their scales, LOW-HIGH. Default: as it was trained.") var scale: ScaleRange?
  @Option(help: "For a run with masks: how far they are turned, in degrees to either side (default 10).")
  var turn: Double?
  @OptionGroup(title: "For a run without masks") var unmasked: UnmaskedOptions
  @OptionGroup(title: "Gates, for a run with masks") var gating: GateOptions
  @Option(help: "Threads.") var threads = Runtime.threadCount
  @Flag(help: "Print a summary as JSON.") var json = false

  private struct Summary: Encodable {
    let dataset: String
    let images: Int
    let defect: String
    let model: String
    let step: Int
    let seed: UInt64
    let gates: GateSummary?
    let masks: DifferenceSummary?
  }

  func run() throws {
    try Runtime.setThreadCount(threads)
    let translator = try Translator(named: self.translator)
    let source = try Dataset(at: URL(fileURLWithPath: dataset))
    let bar = ProgressBar(label: "synthesizing", total: count)
    let (made, gates, masks) = try make(translator, source) { bar.update(done: $0) }
    bar.finish()
    let summary = Summary(
      dataset: to, images: made.images.count,
      defect: translator.configuration.source.defectNames.joined(separator: " + "),
      model: translator.modelHash, step: translator.step, seed: seed, gates: gates, masks: masks)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
    } else {
      print(
        "\(summary.images) images of \(summary.defect) in \(to), by weights \(summary.model.prefix(12)) of step \(summary.step)"
      )
      if let gates { print(gates.text) }
      if let masks { print(masks.text) }
    }
  }

  private func make(
    _ translator: Translator, _ source: Dataset, progress: (Int) -> Void
  ) throws -> (Dataset, GateSummary?, DifferenceSummary?) {
    let target = URL(fileURLWithPath: to)
    guard var settings = translator.configuration.masks else {
      guard masks == nil, scale == nil, turn == nil else {
        throw ValidationError("--masks, --scale and --turn are for runs that were trained with --masks")
      }
      guard !gating.isUsed else {
        throw ValidationError("--gates, --keep and --features are for runs that were trained with --masks")
      }
      let (made, masks) = try unmasked.synthesize(
        by: translator, on: source, count: count, to: target, seed: seed, progress: progress)
      return (made, nil, masks)
    }
    guard !unmasked.isUsed else {
      throw ValidationError("--whole, --tile, --labels and --mask-quality are for runs without masks")
    }
    try translator.trainingImages.checkNoLeak(into: source)
    if let masks { settings.shapes = masks }
    if let scale { (settings.smallestScale, settings.largestScale) = (scale.range.lowerBound, scale.range.upperBound) }
    if let turn { settings.turn = turn }
    let library = try DefectLibrary(of: source, classes: translator.configuration.source.defectNames)
    let synthesis = try PlacedSynthesis(
      MaskedTranslation(translator), on: source, shapes: settings.shapes(like: library), placer: settings.placer(),
      seed: seed, threads: threads)
    let (made, gates) = try gating.synthesize(
      by: synthesis, count: count, to: target, standard: [.change, .agreement, .memory], library: library,
      threads: threads, progress: progress)
    return (made, gates, nil)
  }
}
