import Files
import Foundation

/// A study as it will be run: the settings and the contents of everything that they point to.
///
/// Written as `plan.json` into the study's folder before the first cell is trained.
public struct StudyPlan: Codable, Equatable, Sendable {
  /// The form that this version of Patina writes and reads.
  public static let currentVersion = 4
  /// Name of the file in a study's folder.
  public static let fileName = "plan.json"

  public let version: Int
  public let settings: StudySettings
  /// SHA-256 of each existing translator's weights by defect class; empty when the study trains its own.
  public let translatorHashes: [String: String]
  /// SHA-256 of the file of weights that every network begins with; nil where they are random.
  public let weightsHash: String?
  /// Every split with every fraction.
  public let parts: [PartPlan]
  /// SHA-256 over all of the above but the paths: the same study elsewhere has the same hash.
  public let hash: String

  /// - Throws: `InputError` when a translator run is named without its hash, or the other way round.
  public init(
    settings: StudySettings, parts: [PartPlan], translatorHashes: [String: String] = [:], weightsHash: String? = nil
  ) throws {
    guard (weightsHash == nil) == (settings.network.weights == nil) else {
      throw InputError(
        at: "classifier.weights", expected: "a file and its hash, or neither", found: weightsHash ?? "no hash")
    }
    guard parts.map(\.part) == settings.parts else {
      throw InputError(
        at: "parts", expected: "those of the settings, in their order", found: "\(parts.count) parts")
    }
    guard Set(translatorHashes.keys) == Set(settings.translator.runs.keys) else {
      throw InputError(
        at: "translator.run", expected: "weights for \(settings.translator.runs.keys.sorted().joined(separator: ", "))",
        found: translatorHashes.isEmpty ? "none" : translatorHashes.keys.sorted().joined(separator: ", "))
    }
    version = Self.currentVersion
    self.settings = settings
    self.translatorHashes = translatorHashes
    self.weightsHash = weightsHash
    self.parts = parts
    var content = Content(
      settings: settings, parts: parts, translatorHashes: translatorHashes, weightsHash: weightsHash)
    content.settings.dataset = ""
    content.settings.translator.runs = [:]
    content.settings.network = settings.network.withoutPath
    hash = ContentHash.sha256(try JSONFile.encode(content))
  }

  /// Every training of the study: first those that tell what room there is for a gain, then split by split and seed by seed, so that
  /// a study cut short still has complete pairs of arms.
  public func cells() throws -> [StudyCell] {
    let cells = try settings.splitSeeds.flatMap { split in
      let parts = self.parts.filter { $0.part.split == split }
      return try settings.seeds.flatMap { seed in
        try parts.flatMap { part in
          try settings.arms(at: part.part.fraction).map { try StudyCell(plan: self, part: part, arm: $0, seed: seed) }
        }
      }
    }
    let first = cells.filter { StudyHeadroom.isTold(by: $0, in: settings) }
    return first + cells.filter { !StudyHeadroom.isTold(by: $0, in: settings) }
  }

  /// - Throws: `InputError` when the plan has no such part.
  func part(_ part: StudyPart) throws -> PartPlan {
    guard let found = parts.first(where: { $0.part == part }) else {
      throw InputError(at: "plan", expected: "one with \(part.title)", found: "none")
    }
    return found
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
      settings: plan.settings, parts: plan.parts, translatorHashes: plan.translatorHashes,
      weightsHash: plan.weightsHash)
    guard again.hash == plan.hash else {
      throw InputError(
        at: "\(url.path): hash", expected: again.hash, found: plan.hash,
        remedy: "The plan was changed by hand; run the study again from its study file")
    }
    return plan
  }

  private struct Content: Encodable {
    var settings: StudySettings
    var parts: [PartPlan]
    var translatorHashes: [String: String]
    var weightsHash: String?
  }
}

/// What one part of a study is trained and tested on, by contents.
public struct PartPlan: Codable, Equatable, Sendable {
  public let part: StudyPart
  /// SHA-256 over the data set's contents.
  public let datasetHash: String
  /// For each addition to the real images SHA-256 over the images of each defect class.
  public let additionHashes: [String: [String: String]]

  public init(
    _ part: StudyPart = StudyPart(), datasetHash: String, additionHashes: [String: [String: String]] = [:]
  ) {
    self.part = part
    self.datasetHash = datasetHash
    self.additionHashes = additionHashes
  }
}
