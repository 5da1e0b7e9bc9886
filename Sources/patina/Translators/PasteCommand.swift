import ArgumentParser
import Datasets
import Files
import Foundation
import Runs
import Synthesis

struct PasteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "paste", abstract: "Write a labelled data set of real defects pasted onto clean images.",
    discussion: """
      The cheap rival of a translator: nothing is trained. Defects of the training
      split are cut out by their masks, turned, mirrored, scaled and put onto clean
      images of the training split. Each label is the mask where the defect now lies;
      every image carries its clean image, the defect's image and what was done to it.

      Ways to blend:
        poisson  the defect's contrast, the clean image's brightness
        mixed    the same, with the clean image's texture where it is stronger
        feather  the defect as it is, faded out around its mask
        none     the defect as it is, cut along its mask

      Gates then judge each image (change and agreement; --gates none keeps all):
      nothing changed beyond the blending's reach, and the mask's pixels did. Refused
      images lie in OUT.refused, each with its reason. --count is the number of images
      made. The gate seam also asks whether the mask's rim looks as those of real
      defects do; on magnetic tiles it refused all hard and nearly all faded pastes,
      but half of Poisson's too. Memory, which refuses copies, would refuse what was
      pasted.

      Examples:
        patina paste tiles --to pasted --count 200
        patina paste tiles --to cracks --count 200 --class Crack --scale 0.9-1.1
        patina paste tiles --to mixed --count 200 --blend mixed --seed 7
        patina paste tiles --to best --count 300 --gates agreement,seam --keep 0.5
      """)

  @Argument(help: "The data set with clean images and masks of defects; must be split.") var dataset: String
  @Option(help: "Folder of the new data set.") var to: String
  @Option(help: "How many images are made; gates may keep fewer.") var count: Int
  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Paste this class only. Default: all that have masks, by turns.", valueName: "class"))
  var category: String?
  @Option(help: "poisson, mixed, feather or none.") var blend = CopyPaste.Blend.poisson
  @Option(help: "How much smaller or larger defects become: LOW-HIGH, of lengths.") var scale = ScaleRange.standard
  @Option(help: "How far defects are turned, in degrees to either side; 180 is any way.") var turn = DefectPlacer.turn
  @OptionGroup(title: "Gates") var gating: GateOptions
  @Option(help: "Seed of all that is drawn.") var seed: UInt64 = 0
  @Option(help: "Threads that decode, paste and encode.") var threads = 2
  @Flag(help: "Replace the data set that stands there.") var replace = false
  @Flag(help: "Print a summary as JSON.") var json = false

  private struct Summary: Encodable {
    let dataset: String
    let images: Int
    let classes: [String: Int]
    let instances: [String: Int]
    let model: String
    let seed: UInt64
    let gates: GateSummary?
  }

  /// What is pasted is a real defect, so `memory` has to be asked for.
  private static let gates: Set<Gate> = [.change, .agreement]

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard count >= 1 else { throw ValidationError("--count is at least 1") }
  }

  func run() throws {
    let source = try Dataset(at: URL(fileURLWithPath: dataset))
    let library = try DefectLibrary(of: source, classes: category.map { [$0] } ?? [], threads: threads)
    let paster = DefectPaster(source, blend: blend, threads: threads)
    let bar = ProgressBar(label: "pasting", total: count)
    let synthesis = try PlacedSynthesis(
      paster, on: source, shapes: library, placer: DefectPlacer(scales: scale.range, turn: turn), seed: seed,
      threads: threads)
    let (made, gates) = try gating.synthesize(
      by: synthesis, count: count, to: URL(fileURLWithPath: to), replacing: replace, standard: Self.gates,
      library: library, threads: threads
    ) { bar.update(done: $0) }
    bar.finish()
    let names = library.classNames
    let summary = Summary(
      dataset: to, images: made.images.count,
      classes: Dictionary(uniqueKeysWithValues: names.map { ($0, made.images(inClass: $0).count) }),
      instances: Dictionary(uniqueKeysWithValues: names.map { ($0, library.shapes(of: $0).count) }),
      model: paster.model, seed: seed, gates: gates)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
      return
    }
    print("\(summary.images) images in \(to), by \(summary.model)")
    for name in names {
      print("  \(name): \(summary.classes[name] ?? 0), from \(summary.instances[name] ?? 0) real defects")
    }
    if let gates { print(gates.text) }
  }
}

extension CopyPaste.Blend: ExpressibleByArgument {}
