import ArgumentParser
import Datasets
import Files
import Foundation
import Runs

/// `patina import FORMAT SRC --to DATASET`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring pictures into the one form of data set that all other commands read.",
    discussion: """
      Formats:
        auto       finds out which of the others it is, or says what it could be
        severstal  \(SeverstalImporter.summary)
        coco       \(COCOImporter.summary)
        voc        \(VOCImporter.summary)
        yolo       \(YOLOImporter.summary)
        labelme    \(LabelMeImporter.summary)
        masks      \(MasksImporter.summary)
        folders    \(FoldersImporter.summary)
        ab         \(ABImporter.summary)
        mtd        \(MTDImporter.summary)
        elpv       \(ELPVImporter.summary)
        rendered   \(RenderedSteel.summary)

      Pictures are PNG, JPEG, BMP, TIFF or WebP, grey or colour, 8 or 16 bits; they are stored as they are. Files that cannot be
      read, are cut off, announce more than 100 million pixels, lie outside of SRC (by a link, too), or have a label that
      cannot be are left out and listed. The same import again does nothing if no file changed.

      Examples:
        patina import auto ~/parts --to parts.set
        patina import mtd ~/MTD --to tiles
        patina import folders parts --clean good --to parts.set
        patina import masks NEU --class-from prefix --to neu
        patina import masks x-rays --values index --classes pore,crack --window 200:4095 --to x-rays.set
        patina import yolo boards --classes short,open --to boards.set
        patina import rendered --to steel --count 2000 --size 64 --defective-share 0.1
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case auto, severstal, coco, voc, yolo, labelme, masks, folders, ab, mtd, elpv, rendered
  }

  @Argument(help: "How the pictures lie on disk.")
  var format: Format

  @Argument(
    help: "The folder with the pictures; of coco and severstal also the file of labels itself.", completion: .directory)
  var source: String?

  @Option(name: .customLong("to"), help: "The folder of the new data set.", completion: .directory)
  var destination: String

  @Flag(help: "Replace the data set that stands there.")
  var replace = false

  @Flag(help: "Write nothing if any file is bad.")
  var strict = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Option(
    help: "16 bits: the values low:high are spread over 8 bits, and the provenance names them; without it files stay as they are.")
  var window: SampleWindow?

  @OptionGroup(title: "Formats") var formats: ImportFormatOptions

  @OptionGroup(title: "Rendered steel") var rendered: RenderedOptions

  @Option(help: "Threads that decode or draw.")
  var threads = 2

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard format == .rendered || source != nil else { throw ValidationError("\(format.rawValue) needs SRC") }
    guard format != .rendered || source == nil else { throw ValidationError("rendered takes no SRC") }
    try formats.validate(for: format)
  }

  func run() throws {
    let destination = URL(fileURLWithPath: destination)
    let summary: ImportSummary
    if format == .rendered {
      summary = ImportSummary(
        of: try rendered.steel(threads: threads).write(to: destination, replacing: replace), format: RenderedSteel.format)
    } else {
      let source = URL(fileURLWithPath: source ?? ".")
      let found = format == .auto
        ? try FormatRecognition(of: source, clean: formats.clean, threads: threads).only() : nil
      let importer = try found?.importer ?? formats.importer(for: format, threads: threads)
      summary = try imported(
        importer, from: source, to: destination,
        sign: found.map { "Recognised as \($0.format): \($0.sign)" + ($0.options.isEmpty ? "" : " (\($0.options))") })
    }
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
    } else {
      print(summary.text(destination: self.destination))
    }
  }

  private func imported(
    _ importer: some Importer, from source: URL, to destination: URL, sign: String?
  ) throws -> ImportSummary {
    var run = ImportRun(
      from: source, to: destination, isStrict: strict, isReplacing: replace, threads: threads, window: window?.range)
    if let sign { run.notes = [sign] }
    let progress = WorkProgress("importing")
    run.progress = { progress.update(done: $0, total: $1) }
    defer { progress.finish() }
    return try run.run(importer)
  }
}

/// `low:high` of samples of 16 bits.
struct SampleWindow: ExpressibleByArgument {
  let range: ClosedRange<Int>

  init?(argument: String) {
    let sides = argument.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let low = sides[0], let high = sides[1], low >= 0, low < high, high <= 65535 else {
      return nil
    }
    range = low...high
  }
}
