import Datasets
import Files
import Foundation
import Runs
import Training

/// The checks of whatever a folder holds: a data set, a run or a study.
public struct DoctorVisit {
  public var examination: Examination
  /// How it is examined: seed, threads, versions.
  public var facts: [Fact]

  /// - Throws: `InputError` when the folder holds none of them.
  public init(_ folder: URL, seed: UInt64, threads: Int) throws {
    let folder = folder.standardizedFileURL
    let subject = try Self.subject(of: folder)
    examination = Examination(
      subject, name: folder.lastPathComponent,
      steps: try Self.steps(of: subject, folder, seed: seed, threads: threads))
    facts =
      [Fact("seed", "\(seed)"), Fact("threads", "\(threads)")]
      + Versions.all.sorted { $0.key < $1.key }.map { Fact($0.key, $0.value) }
  }

  /// What is examined of each kind of folder.
  private static func steps(
    of subject: DoctorRecord.Subject, _ folder: URL, seed: UInt64, threads: Int
  ) throws -> [Examination.Step] {
    switch subject {
    case .dataset:
      let opened = try OpenedDataset(at: folder)
      return DatasetChecks(opened, seed: seed, threads: threads).steps()
        + DatasetTraining(opened.dataset, seed: seed, threads: threads).steps
    case .run: return try RunChecks(folder, seed: seed).steps
    case .study: return try StudyChecks(folder).steps()
    // Has no folder: its owner puts an examination together.
    case .network: return []
    }
  }

  static func subject(of folder: URL) throws -> DoctorRecord.Subject {
    func has(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path)
    }
    if has(StudyResults.fileName) { return .study }
    if has("run.json") { return .run }
    if Dataset.stands(at: folder) { return .dataset }
    let isUnfinished = has("plan.json")
    throw InputError(
      at: folder.path,
      expected: "a data set (annotations.json), a training run (run.json) or a study (\(StudyResults.fileName))",
      found: isUnfinished
        ? "a study without results" : FileManager.default.fileExists(atPath: folder.path) ? "none of them" : "nothing",
      remedy: isUnfinished ? "Give the same 'patina study' command again to finish it" : "")
  }
}
