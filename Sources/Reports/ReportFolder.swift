import Files
import Foundation
import Runs

/// Writes the report of whatever a folder holds: a study or a training run.
public enum ReportFolder {
  public enum Kind: String, Codable, Sendable {
    case study
    case run
  }

  /// What the folder holds.
  ///
  /// - Throws: `InputError` when it is neither a finished study nor a run.
  public static func kind(of folder: URL) throws -> Kind {
    func has(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
    if has(StudyResults.fileName) { return .study }
    if has("run.json") { return .run }
    let isUnfinished = has("plan.json")
    throw InputError(
      at: folder.path, expected: "a study (\(StudyResults.fileName)) or a training run (run.json)",
      found: isUnfinished ? "a study without results" : "neither",
      remedy: isUnfinished ? "Give the same 'patina study' command again to finish it" : "")
  }

  /// Writes the page and gives back where it stands.
  ///
  /// - Parameters:
  ///   - output: the page's file; `report.html` in the folder without it.
  ///   - library: nil reads Debian's Chart.js.
  /// - Throws: `InputError` for anything in the folder that is not as it must be.
  public static func write(from folder: URL, to output: URL? = nil, library: ChartLibrary? = nil) throws -> (
    kind: Kind, page: URL
  ) {
    let kind = try kind(of: folder)
    let library = try library ?? ChartLibrary()
    let page = output ?? folder.appendingPathComponent("report.html")
    let source =
      switch kind {
      case .study:
        try StudyReport(
          results: StudyResults.read(from: folder.appendingPathComponent(StudyResults.fileName)), folder: folder,
          library: library
        ).html()
      case .run: try RunReport(folder: folder, library: library).html()
      }
    try AtomicFile.write(source, to: page)
    return (kind, page)
  }
}
