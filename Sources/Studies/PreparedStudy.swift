import Datasets
import Files
import Foundation
import Runs
import Torch
import Training

/// A study whose shared parts are made: its cells can be trained, here or anywhere that sees the folder, and summed up.
public struct PreparedStudy {
  /// What the cells of one part share.
  struct Part {
    let plan: PartPlan
    let data: StudyData
    let added: StudyAdditions.Made
  }

  public let plan: StudyPlan
  private let parts: [Part]
  private let folder: URL
  private let backbone: Safetensors?
  private var settings: StudySettings { plan.settings }

  /// - Parameter backbone: the weights that every network begins with; nil for random ones.
  init(plan: StudyPlan, parts: [Part], folder: URL, backbone: Safetensors? = nil) {
    self.plan = plan
    self.parts = parts
    self.folder = folder
    self.backbone = backbone
  }

  private var runner: StudyRunner { StudyRunner(plan: plan, folder: folder) }
  private var answer: URL { folder.appendingPathComponent(StudyResults.fileName) }

  /// Every cell, and whether it is trained.
  ///
  /// - Throws: `InputError` for a record that is not its cell's.
  public func cells() throws -> [(cell: StudyCell, isFinished: Bool)] {
    try plan.cells().map { ($0, try runner.finished($0) != nil) }
  }

  /// Trains what is left, or one cell alone.
  ///
  /// - Parameters:
  ///   - id: the beginning of one cell's id, as long as no other begins so; nil for all.
  ///   - shouldStop: asked after each step; what is finished stays on the disk.
  /// - Returns: false when it was asked to stop.
  /// - Throws: `InputError` when no cell, or more than one, has such an id.
  public func train(
    cell id: String? = nil, shouldStop: @escaping () -> Bool = { false },
    report: @escaping (Study.Event) -> Void = { _ in }
  ) throws -> Bool {
    let wanted = try id.map { Set([try self.cell($0).id]) }
    // An older answer must not stand beside work on a new one; it is written again when the cells are summed up.
    if FileManager.default.fileExists(atPath: answer.path), try cells().contains(where: { !$0.isFinished }) {
      try FileManager.default.removeItem(at: answer)
    }
    var trainers: [StudyPart: CellTrainer] = [:]  // of one split at a time: they keep decoded images
    var tellsHeadroom = id == nil
    do {
      _ = try runner.run(
        only: wanted,
        progress: { progress in
          if tellsHeadroom, progress.next != nil, let headroom = try headroom() {
            report(.headroom(headroom))
            tellsHeadroom = false
          }
          report(.cell(progress))
        },
        wait: {
          report(.waiting)
          if shouldStop() { throw Study.Stopped() }
        },
        train: { cell in
          trainers = trainers.filter { $0.key.split == cell.part.split }
          let trainer = try trainers[cell.part] ?? trainer(of: cell.part)
          trainers[cell.part] = trainer
          return try trainer.train(cell) { step in
            report(.step(step, total: settings.network.steps))
            if shouldStop() { throw Study.Stopped() }
          }
        })
    } catch is Study.Stopped {
      return false
    }
    return true
  }

  /// nil until the cells that tell are there.
  private func headroom() throws -> StudyHeadroom? {
    let cells = try plan.cells().prefix { StudyHeadroom.isTold(by: $0, in: settings) }
    let records = try cells.compactMap { try runner.finished($0) }
    return records.count == cells.count ? StudyHeadroom(records, settings: settings) : nil
  }

  private func trainer(of part: StudyPart) throws -> CellTrainer {
    guard let own = parts.first(where: { $0.plan.part == part }) else {
      throw InputError(at: "cell", expected: "a part of the study", found: part.title)
    }
    return try CellTrainer(settings, data: own.data, added: own.added, backbone: backbone)
  }

  private func cell(_ id: String) throws -> StudyCell {
    let cells = try plan.cells()
    let found = cells.filter { $0.id.hasPrefix(id.lowercased()) }
    guard found.count == 1, !id.isEmpty else {
      throw InputError(
        at: "cell '\(id)'", expected: "the beginning of one of \(cells.count) ids", found: "\(found.count) such cells",
        remedy: "`patina study cells` lists them")
    }
    return found[0]
  }

  /// Compares the arms, and writes pictures, tables (`StudyTables`) and `results.json`.
  ///
  /// - Parameter command: as it was given, for the report.
  /// - Throws: `InputError` when cells are still to be trained.
  public func collect(command: String) throws -> StudyResults {
    let found = try plan.cells().map { try runner.finished($0) }
    let records = found.compactMap { $0 }
    guard records.count == found.count else {
      throw InputError(
        at: folder.path, expected: "\(found.count) finished trainings", found: "\(records.count)",
        remedy: "`patina study run` trains the others")
    }
    // What is shown and counted: the first split with all the defects that the study takes.
    let shown = parts[settings.fractionList.count - 1]
    let synthetic = shown.added[.init(.synthetic)] ?? [:]
    let own = records.filter { $0.split == shown.plan.part.split && $0.fraction == shown.plan.part.fraction }
    let mistakes = try StudyMistakes(
      real: own.filter { $0.arm == StudyArm.real.rawValue },
      synthetic: own.filter { $0.arm == StudyArm.synthetic.rawValue }, settings: settings)
    let pictures = try StudyPictures(
      settings: settings, data: shown.data, synthetic: synthetic, mistakes: mistakes, folder: folder
    ).write()
    let results = try StudyAnalysis(plan: plan, records: records).results(
      pictures: pictures, facts: try facts(shown, synthetic, command: command))
    try StudyTables(results).write(to: folder)
    try JSONFile.write(results, to: answer)
    return results
  }

  /// What the gates did, for each addition that they judge.
  private func gateFacts() throws -> [Fact] {
    guard let gates = settings.gates else { return [] }
    var facts = [Fact("gates", gates.gates.map(\.rawValue).joined(separator: ", "))]
    let judged = Set(parts.flatMap(\.added.keys)).filter { [.synthetic, .copyPaste].contains($0.addition) }
    for source in judged.sorted(by: { $0.name < $1.name }) {
      for (index, defect) in settings.defects.enumerated() {
        var gated = GatedAddition()
        for part in parts {
          guard let made = part.added[source]?[defect] else { continue }
          let real = part.data.count(part.data.train, index + 1)
          try gated.add(
            made, wanted: settings.synthetic.images(real: real, factor: source.factor), part: part.plan.part.title)
        }
        facts.append(Fact("\(source.name) \(defect), by the gates", gated.text))
      }
    }
    return facts
  }

  private func facts(_ part: Part, _ synthetic: [String: Dataset], command: String) throws -> [Fact] {
    let data = part.data
    var facts = [Fact("command", command)]
    facts += Versions.all.sorted { $0.key < $1.key }.filter { $0.key != "libtorch" }.map { Fact($0.key, $0.value) }
    let of = part.plan.part.title.isEmpty ? "" : " (\(part.plan.part.title))"
    for (name, items) in [("training", data.train), ("validation", data.validation), ("test", data.test)] {
      let counts = settings.classes.enumerated().map { "\(data.count(items, $0.offset)) \($0.element)" }
      let groups = Set(items.map(\.image.group)).count
      facts.append(Fact("\(name) images\(of)", "\(counts.joined(separator: ", ")) in \(groups) groups"))
    }
    for (defect, made) in synthetic.sorted(by: { $0.key < $1.key }) {
      let origin = made.images.first?.provenance.synthetic.map {
        ", weights \($0.model.prefix(16)) of step \($0.step), seed \($0.seed)"
      }
      facts.append(Fact("synthetic \(defect)\(of)", "\(made.images.count) images\(origin ?? "")"))
    }
    facts += try gateFacts()
    facts.append(
      Fact(
        "refused before training",
        "images, groups, turned or mirrored copies on two sides of a split; files that changed since the import; "
          + "translators and synthetic images that saw anything but the training split"))
    return facts
  }
}
