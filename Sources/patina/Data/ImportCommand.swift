import ArgumentParser
import Datasets
import Files
import Foundation

/// `patina import FORMAT SRC --to DATASET`
struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring pictures into the one form of data set that all other commands read.",
    discussion: """
      Formats:
        folders   \(FoldersImporter.summary)
        masks     \(MasksImporter.summary)
        mtd       \(MTDImporter.summary)
        elpv      \(ELPVImporter.summary)
        ab        \(ABImporter.summary)
        rendered  \(RenderedSteel.summary)

      Files that cannot be read, are cut off, or whose mask has another size are left out and listed.

      Examples:
        patina import mtd ~/MTD --to tiles
        patina import folders parts --clean good --to parts.set
        patina import masks NEU --class-from prefix --to neu
        patina import rendered --to steel --count 2000 --size 64 --defective-share 0.1
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case folders, masks, mtd, elpv, ab, rendered }

  @Argument(help: "How the pictures lie on disk: folders, masks, mtd, elpv, ab or rendered.")
  var format: Format

  @Argument(help: "The folder with the pictures.", completion: .directory)
  var source: String?

  @Option(name: .customLong("to"), help: "The folder of the new data set.", completion: .directory)
  var destination: String

  @Flag(help: "Replace the data set that stands there.")
  var replace = false

  @Flag(help: "Write nothing if any file is bad.")
  var strict = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Option(help: "folders, masks, ab: the class without defects.")
  var clean: String?

  @Option(help: "masks, ab: the one name of all defects.")
  var category: String?

  @Option(help: "masks: take the class from the 'folder' or from the 'prefix' of the file's name.")
  var classFrom: ClassFrom?

  enum ClassFrom: String, CaseIterable, ExpressibleByArgument { case folder, prefix }

  @Option(help: "masks: folder of images within SRC, with --mask-folder.")
  var imageFolder: String?

  @Option(help: "masks: folder of masks within SRC, with --image-folder.")
  var maskFolder: String?

  @Option(help: "masks: what a mask's name has more than its image's, such as _mask.")
  var maskSuffix = ""

  @Option(help: "elpv: mono, poly or all.")
  var type: ELPVImporter.CellType = .all

  @Option(help: "elpv: drop cells of uncertain label, or count them as clean or defective.")
  var uncertain: ELPVImporter.Uncertain = .drop

  @Option(help: "rendered: how many images.")
  var count = 1000

  @Option(help: "rendered: side of the images in pixels.")
  var size = 64

  @Option(help: "rendered: the share of images with a flaw.")
  var defectiveShare = 0.1

  @Option(help: "rendered: the seed of all surfaces and flaws.")
  var seed: UInt64 = 0

  @Option(help: "Threads that decode or draw.")
  var threads = 2

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard (imageFolder == nil) == (maskFolder == nil) else {
      throw ValidationError("--image-folder and --mask-folder go together")
    }
    guard format == .rendered || source != nil else { throw ValidationError("\(format.rawValue) needs SRC") }
    if format == .masks {
      guard category != nil || classFrom != nil else {
        throw ValidationError("masks needs --category NAME, --class-from folder or --class-from prefix")
      }
      guard category == nil || classFrom == nil else {
        throw ValidationError("--category and --class-from exclude each other")
      }
    }
    guard format != .rendered || source == nil else { throw ValidationError("rendered takes no SRC") }
  }

  func run() throws {
    let destination = URL(fileURLWithPath: destination)
    let summary: ImportSummary
    switch format {
    case .folders: summary = try imported(FoldersImporter(clean: clean), to: destination)
    case .masks: summary = try imported(masksImporter(), to: destination)
    case .mtd: summary = try imported(MTDImporter(), to: destination)
    case .elpv: summary = try imported(ELPVImporter(type: type, uncertain: uncertain), to: destination)
    case .ab: summary = try imported(ABImporter(clean: clean ?? "A", category: category ?? "B"), to: destination)
    case .rendered:
      var steel = try RenderedSteel(count: count, defectiveShare: defectiveShare, size: size, seed: seed)
      steel.threads = threads
      summary = ImportSummary(
        of: try steel.write(to: destination, replacing: replace), format: RenderedSteel.format)
    }
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
    } else {
      print(text(summary))
    }
  }

  private func imported(_ importer: some Importer, to destination: URL) throws -> ImportSummary {
    let run = ImportRun(
      from: URL(fileURLWithPath: source ?? "."), to: destination, isStrict: strict, isReplacing: replace,
      threads: threads)
    return try run.run(importer)
  }

  private func masksImporter() -> MasksImporter {
    let classSource: MasksImporter.ClassSource =
      category.map { .name($0) } ?? (classFrom == .folder ? .folder : .prefix)
    var folders: (images: String, masks: String)?
    if let imageFolder, let maskFolder { folders = (imageFolder, maskFolder) }
    return MasksImporter(
      classSource: classSource, clean: clean ?? "Clean", folders: folders, suffix: maskSuffix)
  }

  private func text(_ summary: ImportSummary) -> String {
    var lines = ["\(summary.images) images in \(summary.groups) groups → \(destination)"]
    for (name, count) in summary.classes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      lines.append("  \(name): \(count)")
    }
    if !summary.splits.isEmpty {
      lines.append(
        "Split as found: "
          + summary.splits.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
          .joined(separator: ", "))
    }
    lines += summary.notes.map { "Note: \($0)" }
    func list(_ title: String, _ sets: [[String]]) {
      guard !sets.isEmpty else { return }
      lines.append("\(title): \(sets.count)")
      lines += sets.prefix(10).map { "  " + $0.joined(separator: " = ") }
      if sets.count > 10 { lines.append("  and \(sets.count - 10) more (--json lists all)") }
    }
    list("Files that occur more than once", summary.duplicates)
    list("Images that show the same, maybe turned or mirrored", summary.lookalikes)
    if !summary.problems.isEmpty {
      lines.append("Left out: \(summary.problems.count)")
      lines += summary.problems.prefix(20).map { "  \($0)" }
      if summary.problems.count > 20 { lines.append("  and \(summary.problems.count - 20) more (--json lists all)") }
    }
    return lines.joined(separator: "\n")
  }
}

extension ELPVImporter.CellType: ExpressibleByArgument {}
extension ELPVImporter.Uncertain: ExpressibleByArgument {}
