import Files
import Foundation
import Runs

/// What the import already had to say of the source, which the data set itself no longer shows: files left out, masks of
/// another size or with values below the threshold, boxes cut at the border.
struct ImportFindings {
  /// The part of import.json that is of use here.
  private struct Memory: Decodable {
    struct Summary: Decodable {
      var problems: [ImportProblem]?
      var notes: [String]?
    }
    var summary: Summary
  }

  private static let file = "import.json"
  private let memory: Memory.Summary?

  /// A folder without the file, or with one that cannot be read, has nothing to say: data sets are whole without it.
  init(_ dataset: Dataset) {
    let url = dataset.folder.appendingPathComponent(Self.file)
    memory = FileManager.default.fileExists(atPath: url.path) ? try? JSONFile.read(Memory.self, from: url).summary : nil
  }

  typealias Finding = InspectionRecord.Finding

  var all: [Finding] {
    var result: [Finding] = []
    if let problems = memory?.problems, !problems.isEmpty {
      result.append(
        Finding(
          .warning, "left-out-at-import",
          title: "\(Plural.of(problems.count, "file was", "files were")) left out when the data set was imported",
          meaning:
            "Broken images, masks of another size, labels that make no sense: they are not part of anything below.",
          remedy: "Mend them in the source and import again, if they matter.",
          cases: problems.map { .init([], $0.description) }))
    }
    if let notes = memory?.notes, !notes.isEmpty {
      result.append(
        Finding(
          .note, "notes-of-import",
          title: "The import left \(Plural.of(notes.count, "note", "notes"))",
          meaning: "What was changed or assumed so that the source fits.", remedy: "See whether it is what you meant.",
          cases: notes.map { .init([], $0) }))
    }
    return result
  }
}
