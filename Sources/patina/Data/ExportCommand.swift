import ArgumentParser
import Datasets
import Files
import Foundation

/// `patina export FORMAT DATASET OUT`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a data set in a format that other programs read.",
    discussion: """
      Formats:
        coco          \(COCOExporter.summary)
        yolo          \(YOLOExporter.summary)
        yolo-segment  \(YOLOSegmentExporter.summary)
        voc           \(VOCExporter.summary)
        severstal     \(SeverstalExporter.summary)
        masks         \(MasksExporter.summary)
        folders       \(FoldersExporter.summary)
        ab            \(ABExporter.summary)

      Image files are copied byte for byte. What a format cannot hold is said in one warning; `patina import` of the same format
      brings the rest back as it was.

      Examples:
        patina export coco tiles tiles-coco
        patina export yolo-segment tiles tiles-yolo
        patina export ab tiles tiles-ab --defect Crack
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case coco, yolo
    case yoloSegment = "yolo-segment"
    case voc, severstal, masks, folders, ab
  }

  @Argument(help: "The format to write.")
  var format: Format

  @Argument(help: "The folder of the data set.", completion: .directory)
  var dataset: String

  @Argument(help: "The new folder.", completion: .directory)
  var out: String

  @Option(help: "ab: the one class of defects to export; without it all are B.")
  var defect: String?

  @Flag(help: "Replace what stands there.")
  var replace = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Option(help: "Threads that copy and draw.")
  var threads = 2

  func validate() throws {
    guard (1...64).contains(threads) else { throw ValidationError("--threads is 1 to 64") }
    guard defect == nil || format == .ab else { throw ValidationError("--defect is of ab") }
  }

  func run() throws {
    let set = try Dataset(at: URL(fileURLWithPath: dataset))
    let summary = try exported(set, by: exporter)
    if json {
      print(String(decoding: try JSONFile.encode(summary), as: UTF8.self), terminator: "")
      return
    }
    print("\(summary.images) images with \(summary.annotations) labels → \(out)")
    if let warning = summary.warning { print("Warning: \(warning)") }
  }

  private var exporter: any Exporter {
    switch format {
    case .coco: COCOExporter()
    case .yolo: YOLOExporter()
    case .yoloSegment: YOLOSegmentExporter()
    case .voc: VOCExporter()
    case .severstal: SeverstalExporter()
    case .masks: MasksExporter()
    case .folders: FoldersExporter()
    case .ab: ABExporter(defect: defect)
    }
  }

  private func exported(_ set: Dataset, by exporter: some Exporter) throws -> ExportSummary {
    var run = ExportRun(to: URL(fileURLWithPath: out), isReplacing: replace, threads: threads)
    let progress = WorkProgress("exporting")
    run.progress = { progress.update(done: $0, total: $1) }
    defer { progress.finish() }
    return try run.run(exporter, of: set)
  }
}
