import Datasets
import Files
import Foundation
import Runs
import Torch

/// A whole study: from its file to `results.json`, going on where an earlier run stopped.
///
/// The folder holds `plan.json`, `data/` (where the study divides its data itself), `translators/`, `synthetic/`, `cells/`,
/// `claims/`, `pictures/`, tables as CSV and `results.json`. Several processes may work in one folder.
public struct Study {
  /// What is being done, for a progress line.
  public enum Event {
    case translators(StudyTranslators.Event)
    case cell(StudyProgress)
    case step(Int, total: Int)
    /// What follows is about this part.
    case part(StudyPart, number: Int, of: Int)
    /// After the first trainings.
    case headroom(StudyHeadroom)
    /// For another process that is at work in the same folder.
    case waiting
  }

  /// Thrown out of a training that was asked to stop.
  struct Stopped: Error {}

  public let settings: StudySettings
  public let folder: URL
  private let base: URL

  /// - Parameters:
  ///   - file: the study's YAML; its paths are relative to it.
  ///   - preset: for a file that names none.
  /// - Throws: `InputError` with line and key for what is wrong in the file.
  public init(file: URL, folder: URL, preset: StudyPreset? = nil) throws {
    settings = try StudyFile.read(from: file, preset: preset)
    self.folder = folder
    base = file.absoluteURL.deletingLastPathComponent()
  }

  /// How long what is left will take. Some seconds of training tell.
  ///
  /// - Returns: nil while another process makes what the first split's cells share.
  public func estimate() throws -> StudyEstimate? {
    let dataset = try Dataset(at: URL(fileURLWithPath: settings.dataset, relativeTo: base).standardizedFileURL)
    let index = settings.fractionList.count - 1
    guard let lock = try FileLock(at: Self.lock(of: index, in: StudyRunner.makeFolders(in: folder))) else { return nil }
    let parts = StudyParts(settings: settings, dataset: dataset, folder: folder)
    let data = try StudyData(parts.data(of: settings.parts[index]).dataset, settings)
    let estimate = try StudyEstimate(
      settings, data: data, folder: folder, base: base, backbone: backbone()?.file)
    withExtendedLifetime(lock) {}
    return estimate
  }

  /// The weights that every network begins with, and the SHA-256 of their file.
  private func backbone() throws -> (file: Safetensors, hash: String)? {
    guard let path = settings.network.weights else { return nil }
    let url = URL(fileURLWithPath: path, relativeTo: base).standardizedFileURL
    let file = try Safetensors(contentsOf: url)
    return (file, ContentHash.sha256(try FileBytes.all(of: url.path)))
  }

  /// Who holds it makes what the cells of a part share.
  private static func lock(of part: Int, in claims: URL) -> URL { claims.appendingPathComponent("shared-\(part)") }

  /// Checks the data, and makes what the cells of each part share: translators and what they make. Where another process is at
  /// work on a part, the others come first, and it is waited for in the end.
  ///
  /// - Parameter shouldStop: asked after each step; what is finished stays on the disk.
  /// - Returns: nil when it was asked to stop.
  public func prepare(
    shouldStop: () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws -> PreparedStudy? {
    let dataset = try Dataset(at: URL(fileURLWithPath: settings.dataset, relativeTo: base).standardizedFileURL)
    // A run that is not there is told before anything is made.
    let translatorHashes = try StudyTranslators.existingHashes(settings, base: base)
    let weights = try backbone()
    let claims = try StudyRunner.makeFolders(in: folder)
    let parts = StudyParts(settings: settings, dataset: dataset, folder: folder)
    try parts.checkFractionsDiffer()
    var prepared: [StudyPart: PreparedStudy.Part] = [:]
    for waits in [false, true] {
      for (index, part) in settings.parts.enumerated() where prepared[part] == nil {
        let lock = try FileLock.waiting(for: Self.lock(of: index, in: claims)) {
          if waits { report(.waiting) }
          return waits && !shouldStop()
        }
        guard let lock else {
          if waits { return nil }
          continue
        }
        if settings.parts.count > 1 { report(.part(part, number: index + 1, of: settings.parts.count)) }
        let made = try prepare(part, parts, shouldStop: shouldStop, report: report)
        withExtendedLifetime(lock) {}
        guard let made else { return nil }
        prepared[part] = made
      }
    }
    let ordered = settings.parts.compactMap { prepared[$0] }
    let plan = try StudyPlan(
      settings: settings, parts: ordered.map(\.plan), translatorHashes: translatorHashes, weightsHash: weights?.hash)
    return PreparedStudy(plan: plan, parts: ordered, folder: folder, backbone: weights?.file)
  }

  private func prepare(
    _ part: StudyPart, _ parts: StudyParts, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws -> PreparedStudy.Part? {
    let (dataset, heldBack) = try parts.data(of: part)
    let data = try StudyData(dataset, settings)
    let translators = StudyTranslators(settings, data: data, folder: folder, base: base)
    let additions = StudyAdditions(
      settings, data: data, heldBack: heldBack, of: parts.dataset, folder: folder, translators: translators)
    let made = try additions.make(
      at: part.fraction, shouldStop: shouldStop, report: { report(.translators($0)) })
    guard let made else { return nil }
    let hashes = try made.mapValues { images in
      try images.mapValues { ContentHash.sha256(try JSONFile.encode($0.images.map(\.provenance.sha256))) }
    }
    let plan = PartPlan(
      part, datasetHash: data.hash,
      additionHashes: Dictionary(uniqueKeysWithValues: hashes.map { ($0.key.name, $0.value) }))
    return PreparedStudy.Part(plan: plan, data: data, added: made)
  }
}
