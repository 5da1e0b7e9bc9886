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
  ///   - showsPictures: false leaves them out, for a page that may be passed on where the images may not.
  ///   - library: nil reads Debian's Chart.js.
  /// - Throws: `InputError` for anything in the folder that is not as it must be.
  public static func write(
    from folder: URL, to output: URL? = nil, showsPictures: Bool = true, library: ChartLibrary? = nil
  ) throws -> (kind: Kind, page: URL) {
    let kind = try kind(of: folder)
    let library = try library ?? ChartLibrary()
    let page = output ?? folder.appendingPathComponent("report.html")
    let source: String
    switch kind {
    case .study:
      var results = try StudyResults.read(from: folder.appendingPathComponent(StudyResults.fileName))
      if !showsPictures { results.pictures = [] }
      source = try StudyReport(results: results, folder: folder, library: library).html()
    case .run: source = try RunReport(folder: folder, showsPictures: showsPictures, library: library).html()
    }
    try AtomicFile.write(source, to: page)
    return (kind, page)
  }
}
