import Files
import Foundation

/// A study as it will be run: the settings and the contents of everything that they point to.
///
/// Written as `plan.json` into the study's folder before the first cell is trained.
public struct StudyPlan: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes and reads.
  public static let currentVersion = 2
  /// Name of the file in a study's folder.
  public static let fileName = "plan.json"

  public let version: Int
  public let settings: StudySettings
  /// SHA-256 over the data set's contents.
  public let datasetHash: String
  /// SHA-256 of each existing translator's weights by defect class; empty when the study trains its own.
  public let translatorHashes: [String: String]
  /// For each addition to the real images SHA-256 over the images of each defect class.
  public let additionHashes: [String: [String: String]]
  /// SHA-256 over all of the above but the two kinds of path: the same study elsewhere has the same hash.
  public let hash: String

  /// - Throws: `InputError` when a translator run is named without its hash, or the other way round.
  public init(
    settings: StudySettings, datasetHash: String, translatorHashes: [String: String] = [:],
    additionHashes: [String: [String: String]] = [:]
  ) throws {
    guard Set(translatorHashes.keys) == Set(settings.translator.runs.keys) else {
      throw InputError(
        at: "translator.run", expected: "weights for \(settings.translator.runs.keys.sorted().joined(separator: ", "))",
        found: translatorHashes.isEmpty ? "none" : translatorHashes.keys.sorted().joined(separator: ", "))
    }
    version = Self.currentVersion
    self.settings = settings
    self.datasetHash = datasetHash
    self.translatorHashes = translatorHashes
    self.additionHashes = additionHashes
    var content = Content(
      settings: settings, datasetHash: datasetHash, translatorHashes: translatorHashes,
      additionHashes: additionHashes)
    content.settings.dataset = ""
    content.settings.translator.runs = [:]
    hash = ContentHash.sha256(try JSONFile.encode(content))
  }

  /// Every training of the study, seed by seed, so that a study cut short still has complete pairs of arms.
  public func cells() throws -> [StudyCell] {
    try settings.seeds.flatMap { seed in try settings.arms.map { try StudyCell(plan: self, arm: $0, seed: seed) } }
  }

  public func write(to folder: URL) throws {
    try JSONFile.write(self, to: folder.appendingPathComponent(Self.fileName))
  }

  /// - Throws: `InputError` when the file is unreadable, of another version, or was changed by hand.
  public static func read(from folder: URL) throws -> StudyPlan {
    let url = folder.appendingPathComponent(fileName)
    let plan = try JSONFile.read(StudyPlan.self, from: url)
    guard plan.version == currentVersion else {
      throw InputError(
        at: "\(url.path): version", expected: "a plan of version \(currentVersion)", found: "version \(plan.version)")
    }
    let again = try StudyPlan(
      settings: plan.settings, datasetHash: plan.datasetHash, translatorHashes: plan.translatorHashes,
      additionHashes: plan.additionHashes)
    guard again.hash == plan.hash else {
      throw InputError(
        at: "\(url.path): hash", expected: again.hash, found: plan.hash,
        remedy: "The plan was changed by hand; run the study again from its study file")
    }
    return plan
  }

  private struct Content: Encodable {
    var settings: StudySettings
    var datasetHash: String
    var translatorHashes: [String: String]
    var additionHashes: [String: [String: String]]
  }
}
