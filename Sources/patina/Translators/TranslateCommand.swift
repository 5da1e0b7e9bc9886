import ArgumentParser
import Files
import Foundation
import Logging
import Models
import Runs
import Synthesis
import Torch

struct TranslateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "translate", abstract: "Translate images of any size by a trained run.",
    discussion: """
      Each image is translated as it is, at native scale, and written as PNG under its
      name; images of folders keep their paths. A file that cannot be read is named
      and left out, and the command then ends with 1.

      Where memory is short an image is translated in strips of --tile rows. Strips
      share the statistics of the whole image and overlap by what the network reaches,
      so they show no seams: no pixel differs by more than rounding from the image
      translated at once. They take up to half as long again.

      Runs with --masks place defects by masks; use synthesize for them.

      Examples:
        patina translate runs/crack photos --to cracked
        patina translate runs/crack strip.png plate.tif --to cracked --tile 64
        patina translate runs/crack defects --to cleaned --direction defect-to-clean
      """)

  @Argument(help: ArgumentHelp("Folder of a trained run.", valueName: "run")) var translator: String
  @Argument(help: "Images, and folders of them.", completion: .file()) var images: [String]
  @Option(help: "Folder for the translations.", completion: .directory) var to: String
  @OptionGroup var tiling: TilingOptions
  @Option(help: "clean-to-defect, or defect-to-clean, which runs of CycleGAN have too.")
  var direction = TranslationDirection.cleanToDefect
  @Option(help: "Threads.") var threads = Runtime.threadCount
  @Flag(help: "Replace translations that stand there.") var replace = false
  @Flag(help: "Print a summary as JSON.") var json = false

  private struct Summary: Encodable {
    let folder: String
    let images: Int
    /// Images that could not be read.
    let failed: [String]
    let direction: TranslationDirection
    let model: String
    let step: Int
  }

  func validate() throws {
    guard (1...1024).contains(threads) else { throw ValidationError("--threads is 1 to 1024") }
  }

  func run() throws {
    try Runtime.setThreadCount(threads)
    let translation = try WholeTranslation(
      Translator(named: translator), direction, tiling: tiling.tiling)
    let files = try TranslatedFiles(
      images.map { URL(fileURLWithPath: $0) }, to: URL(fileURLWithPath: to), replacing: replace)
    tiling.warn(of: translation.translator)
    let bar = ProgressBar(label: "translating", total: files.pairs.count)
    var failed: [String] = []
    try translation.translate(files) { done, error in
      if let error {
        failed.append(error.place)
        bar.print("error: \(error)")
      }
      bar.update(done: done)
    }
    bar.finish()
    let summary = Summary(
      folder: to, images: files.pairs.count - failed.count, failed: failed, direction: direction,
      model: translation.translator.modelHash, step: translation.translator.step)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
    } else {
      print(
        "\(summary.images) images in \(to), by weights \(summary.model.prefix(12)) of step \(summary.step)"
          + (failed.isEmpty ? "" : "; \(failed.count) could not be read"))
    }
    guard failed.isEmpty else { throw ExitCode(1) }
  }
}

extension TranslationDirection: ExpressibleByArgument {}
