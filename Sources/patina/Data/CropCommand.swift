import ArgumentParser
import Datasets
import Files
import Foundation
import Runs

/// `patina crop DATASET --to DATASET`
struct CropCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crop",
    abstract: "Cut windows around defects and out of clean images, at native scale.",
    discussion: """
      Groups, splits, classes and masks come along, and windows of one image stay in one group; provenance.json says where each
      window was cut, and crop.json how. Windows that were cut before from the same images by the same options are not cut again.
      There are three ways:

      Around each defect (the default), as Fast Forward Labs did for Severstal's steel: a window is centred on each connected
      part of a mask. It is left out where it would reach over an edge, cut another defect or show one off its middle, or show
      a dark column. Clean windows are drawn from clean images by the same rules, --clean-ratio of them for each defect's.

      Scattered (--per-defect or --clean-per-image): several windows for each defect, moved inward at edges, parts of defects
      larger than the window, and any clean place.

      Tiles (--tile): whole images, with --overlap.

      Examples:
        patina crop severstal --to windows --window 256
        patina crop severstal --to rare --clean-ratio 100 --clean-from regions --seed 3
        patina crop tiles --to windows --window 96 --per-defect 2 --clean-per-image 3
        patina crop tiles --to patches --tile 128 --overlap 32
      """)

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Option(name: .customLong("to"), help: "The folder of the new data set.", completion: .directory)
  var destination: String

  @OptionGroup(title: "Around each defect") var centred: CentredOptions
  @OptionGroup(title: "Scattered") var scattered: ScatteredOptions
  @OptionGroup(title: "Tiles") var tiles: TileOptions

  @Option(help: "Side of the window in pixels. Default: from the defects' widths; scattered: 96.")
  var window: Int?

  @Option(help: "Leave connected parts of fewer pixels out of account. Default: 1; scattered: 4.")
  var minimumArea: Int?

  @Option(help: "Columns of a lower mean grey value are dark, 0 to 255; 0 takes all. Default: 25; tiles: 0.")
  var darkLevel: Double?

  @Option(help: "The seed of all that is drawn.")
  var seed: UInt64 = 0

  @Option(help: "Threads that decode, look and encode.")
  var threads = 2

  @Flag(help: "Replace the data set that stands there.")
  var replace = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    let others = [
      tiles.tile != nil ? "--tile" : nil, scattered.perDefect != nil ? "--per-defect" : nil,
      scattered.cleanPerImage != nil ? "--clean-per-image" : nil,
    ].compactMap { $0 }
    let isScattered = scattered.isChosen && tiles.tile == nil
    guard tiles.tile == nil || !scattered.isChosen else {
      throw ValidationError("\(others.joined(separator: " and ")) exclude each other")
    }
    if let other = others.first, let option = centred.given {
      throw ValidationError("\(option) does not go with \(other)")
    }
    if tiles.tile == nil, tiles.overlap != nil { throw ValidationError("--overlap goes with --tile") }
    if tiles.tile != nil, window != nil { throw ValidationError("--window does not go with --tile") }
    if tiles.tile != nil, minimumArea != nil { throw ValidationError("--minimum-area does not go with --tile") }
    if isScattered, darkLevel != nil { throw ValidationError("--dark-level does not go with \(others[0])") }
  }

  func run() throws {
    if let side = tiles.tile {
      try crop(TiledWindows(side: side, overlap: tiles.overlap ?? 0, darkLevel: darkLevel ?? 0))
    } else if scattered.isChosen {
      try crop(
        ScatteredWindows(
          window: window ?? 96, perDefect: scattered.perDefect ?? 1, cleanPerImage: scattered.cleanPerImage ?? 1,
          minimumArea: minimumArea ?? 4, seed: seed))
    } else {
      var windows = centred.windows
      windows.width = window
      if let minimumArea { windows.minimumArea = minimumArea }
      if let darkLevel { windows.darkLevel = darkLevel }
      windows.seed = seed
      try crop(windows)
    }
  }

  private func crop(_ chooser: some WindowChooser) throws {
    let cropper = try Cropper(chooser, threads: threads)
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    let line = CropProgressLine()
    let summary = try cropper.crop(
      set, to: URL(fileURLWithPath: destination), replacing: replace, progress: line.show)
    line.finish()
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
      return
    }
    let report = summary.report
    let size = report.height == 0 ? "\(report.width) columns" : "\(report.width) × \(report.height)"
    print("\(summary.windows) windows of \(size) → \(destination)")
    for name in set.classNames { print("  \(name): \(summary.classes[name] ?? 0)") }
    for reason in report.reasons { print("Note: \(reason)") }
    if summary.wasDone { print("They stood there already: same images, same options.") }
  }
}

/// Turns what a crop tells into progress bars, one after another.
private final class CropProgressLine {
  private var bar: ProgressBar?
  private var what = ""

  func show(_ what: String, _ done: Int, _ total: Int) {
    if what != self.what {
      finish()
      bar = ProgressBar(label: what, total: total)
      self.what = what
    }
    bar?.update(done: done)
  }

  func finish() {
    bar?.finish()
    bar = nil
  }
}
