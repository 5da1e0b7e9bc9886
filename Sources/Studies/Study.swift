import Datasets
import Files
import Foundation
import Runs

/// A whole study: from its file to `results.json`, going on where an earlier run stopped.
///
/// The folder holds `plan.json`, `translators/`, `synthetic/`, `cells/`, `claims/`, `pictures/` and `results.json`. Several
/// processes may work in one folder.
public struct Study {
  /// What is being done, for a progress line.
  public enum Event {
    case translators(StudyTranslators.Event)
    case cell(StudyProgress)
    case step(Int, total: Int)
    /// For another process that is at work in the same folder.
    case waiting
  }

  /// Thrown out of a training that was asked to stop.
  struct Stopped: Error {}

  public let settings: StudySettings
  public let folder: URL
  private let base: URL

  /// - Parameter file: the study's YAML; its paths are relative to it.
  /// - Throws: `InputError` with line and key for what is wrong in the file.
  public init(file: URL, folder: URL) throws {
    settings = try StudyFile.read(from: file)
    self.folder = folder
    base = file.absoluteURL.deletingLastPathComponent()
  }

  /// Checks the data, and makes what all cells share: translators and what they make. It waits while another process does.
  ///
  /// - Parameter shouldStop: asked after each step; what is finished stays on the disk.
  /// - Returns: nil when it was asked to stop.
  public func prepare(
    shouldStop: () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws -> PreparedStudy? {
    let dataset = try Dataset(at: URL(fileURLWithPath: settings.dataset, relativeTo: base).standardizedFileURL)
    let data = try StudyData(dataset, classes: settings.classes)
    let translators = StudyTranslators(settings, data: data, folder: folder, base: base)
    let translatorHashes = try translators.existingHashes()
    for name in ["cells", "claims"] { try Folder.create(at: folder.appendingPathComponent(name)) }
    var lock: FileLock?
    while true {
      lock = try FileLock(at: folder.appendingPathComponent("claims/shared"))
      if lock != nil { break }
      report(.waiting)
      if shouldStop() { return nil }
      usleep(200_000)
    }
    let additions = StudyAdditions(settings, data: data, folder: folder, translators: translators)
    let made = try additions.make(shouldStop: shouldStop, report: { report(.translators($0)) })
    withExtendedLifetime(lock) {}
    guard let made else { return nil }
    let plan = try StudyPlan(
      settings: settings, datasetHash: data.hash, translatorHashes: translatorHashes,
      additionHashes: try Dictionary(
        uniqueKeysWithValues: made.map { addition, made in
          let hashes = try made.mapValues {
            ContentHash.sha256(try JSONFile.encode($0.images.map(\.provenance.sha256)))
          }
          return (addition.rawValue, hashes)
        }))
    return PreparedStudy(plan: plan, data: data, added: made, folder: folder)
  }
}
