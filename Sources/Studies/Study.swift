import Datasets
import Files
import Foundation
import Runs
import Torch
import Training

/// A whole study: from its file to `results.json`, going on where an earlier run stopped.
///
/// The folder holds `plan.json`, `translators/`, `synthetic/`, `cells/`, `pictures/` and `results.json`.
public struct Study {
  /// What is being done, for a progress line.
  public enum Event {
    case translators(StudyTranslators.Event)
    case cell(StudyProgress)
    case step(Int, total: Int)
  }

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

  /// - Parameters:
  ///   - command: as it was given, for the report.
  ///   - shouldStop: asked after each step; what is finished stays on the disk.
  /// - Returns: nil when it was asked to stop.
  public func run(
    command: String, shouldStop: @escaping () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws -> StudyResults? {
    let dataset = try Dataset(at: URL(fileURLWithPath: settings.dataset, relativeTo: base).standardizedFileURL)
    let data = try StudyData(dataset, classes: settings.classes)
    let translators = StudyTranslators(settings, data: data, folder: folder, base: base)
    let translatorHashes = try translators.existingHashes()
    try Folder.create(at: folder)
    // An older answer must not stand beside work on a new one; it is written again at the end.
    let answer = folder.appendingPathComponent(StudyResults.fileName)
    if FileManager.default.fileExists(atPath: answer.path) { try FileManager.default.removeItem(at: answer) }
    let additions = StudyAdditions(settings, data: data, folder: folder, translators: translators)
    guard let added = try additions.make(shouldStop: shouldStop, report: { report(.translators($0)) }) else {
      return nil
    }
    let plan = try StudyPlan(
      settings: settings, datasetHash: data.hash, translatorHashes: translatorHashes,
      additionHashes: try Dictionary(
        uniqueKeysWithValues: added.map { addition, made in
          let hashes = try made.mapValues {
            ContentHash.sha256(try JSONFile.encode($0.images.map(\.provenance.sha256)))
          }
          return (addition.rawValue, hashes)
        }))

    struct Stopped: Error {}
    let trainer = CellTrainer(settings, data: data, added: added)
    let records: [CellRecord]
    do {
      records = try StudyRunner(plan: plan, folder: folder).run(progress: { report(.cell($0)) }) { cell in
        try trainer.train(cell) { step in
          report(.step(step, total: settings.classifier.steps))
          if shouldStop() { throw Stopped() }
        }
      }
    } catch is Stopped {
      return nil
    }
    let synthetic = added[.synthetic] ?? [:]
    let pictures = try StudyPictures(settings: settings, data: data, synthetic: synthetic, folder: folder).write()
    let results = try StudyAnalysis(plan: plan, records: records).results(
      pictures: pictures, facts: facts(data, synthetic, command: command))
    try JSONFile.write(results, to: answer)
    return results
  }

  private func facts(_ data: StudyData, _ synthetic: [String: Dataset], command: String) -> [Fact] {
    var facts = [Fact("command", command)]
    facts += Versions.all.sorted { $0.key < $1.key }.filter { $0.key != "libtorch" }.map { Fact($0.key, $0.value) }
    for (name, items) in [("training", data.train), ("validation", data.validation), ("test", data.test)] {
      let counts = settings.classes.enumerated().map { "\(data.count(items, $0.offset)) \($0.element)" }
      let groups = Set(items.map(\.image.group)).count
      facts.append(Fact("\(name) images", "\(counts.joined(separator: ", ")) in \(groups) groups"))
    }
    for (defect, made) in synthetic.sorted(by: { $0.key < $1.key }) {
      let origin = made.images.first?.provenance.synthetic
      facts.append(
        Fact(
          "synthetic \(defect)",
          "\(made.images.count) images, weights \(origin?.model.prefix(16) ?? "") of step \(origin?.step ?? 0), seed \(origin?.seed ?? 0)"
        ))
    }
    facts.append(
      Fact(
        "refused before training",
        "images, groups, turned or mirrored copies on two sides of a split; files that changed since the import; "
          + "translators and synthetic images that saw anything but the training split"))
    return facts
  }
}
