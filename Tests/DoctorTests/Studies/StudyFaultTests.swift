import Datasets
import Doctor
import Files
import Foundation
import Images
import Randomness
import Runs
import TestFolders
import Testing

@testable import Studies

/// What is wrong with a study is seeded on purpose, and has to be caught by name.
struct StudyFaultTests {
  enum Fault: String, CaseIterable {
    case trainedOnTestImages, validationInTest, madeFromTestImages
    case otherSteps, otherTestImages, missingCell
    case twoSplits
    case solvedTask
    case placeboHelps
    case gatesLetFewThrough

    var check: String {
      switch self {
      case .trainedOnTestImages, .validationInTest, .madeFromTestImages: "leaks"
      case .otherSteps, .otherTestImages, .missingCell: "equal-budgets"
      case .twoSplits: "repetitions"
      case .solvedTask: "headroom"
      case .placeboHelps: "placebo"
      case .gatesLetFewThrough: "synthetic-images"
      }
    }
  }

  private let place: TemporaryFolder

  init() throws { place = try TemporaryFolder() }

  @Test(arguments: Fault.allCases)
  func aFaultIsCaughtByName(fault: Fault) throws {
    let record = try visit(fault, seed: 0)
    #expect((record.names(.fail) + record.names(.warn)).contains(fault.check), "\(told(record))")
  }

  /// Nothing fails. The placebo's interval holds the truth in 95 of 100 studies, so that one of forty looks as if it helped.
  @Test func twentyHealthyStudiesPass() throws {
    var strange: [String] = []
    for seed in 0..<20 {
      let record = try visit(nil, seed: seed)
      #expect(record.checks.count == 6 && record.subject == .study && record.count(of: .fail) == 0, "\(told(record))")
      strange += record.names(.warn) + record.names(.notRun)
      try FileManager.default.removeItem(at: place["study"])
    }
    #expect(strange.count <= 2 && strange.allSatisfy { $0 == "placebo" }, "\(strange)")
  }

  private func told(_ record: DoctorRecord) -> String {
    record.checks.map { "\($0.name) \($0.verdict.rawValue): \($0.finding)" }.joined(separator: "\n")
  }

  private func visit(_ fault: Fault?, seed: Int) throws -> DoctorRecord {
    let folder = place["study"]
    try write(fault, seed: seed, to: folder)
    return try DoctorVisit(folder, seed: 0, threads: 1).examination.record()
  }

  private func write(_ fault: Fault?, seed: Int, to folder: URL) throws {
    let text = """
      name: made
      dataset: data
      clean: free
      defects: [pit]
      splits: \(fault == .twoSplits ? 2 : 4)
      quick: true
      seeds: 1
      arms: [real, synthetic, placebo]
      synthetic: {count: 10}
      classifier: {steps: 100}
      bootstrap: {replicates: 200}
      smallest-effect: 0.1
      """
    let settings = try StudyFile.parse(text, file: "made.yaml")
    let plan = try StudyPlan(settings: settings, parts: settings.parts.map { PartPlan($0, datasetHash: "\($0)") })
    let cells = try plan.cells()
    var records = cells.map { record($0, fault, seed: seed) }
    let results = try StudyAnalysis(plan: plan, records: records).results()
    // What is broken afterwards: a finished study that somebody touched.
    if fault == .otherSteps { records[1].steps = 90 }
    if fault == .otherTestImages { records[1].test.removeLast() }
    if fault == .validationInTest { records[1].validation = Array(records[1].test.prefix(3)) }
    if fault == .trainedOnTestImages { records[1].audit = [Fact("training images also held out", "3")] }
    if fault == .missingCell { records.removeLast() }
    try Folder.create(at: folder.appendingPathComponent("cells"))
    try plan.write(to: folder)
    for record in records {
      try JSONFile.write(record, to: folder.appendingPathComponent("cells/\(record.id).json"))
    }
    try JSONFile.write(results, to: folder.appendingPathComponent(StudyResults.fileName))
    try writeMade(fault, to: folder.appendingPathComponent("synthetic/pit"))
  }

  private func writeMade(_ fault: Fault?, to folder: URL) throws {
    let writer = try DatasetWriter(to: folder, description: "made", cleanName: "free", categories: ["pit"])
    let split: Split = fault == .madeFromTestImages ? .test : .train
    try writer.add(
      Image(width: 4, height: 4, bytes: (0..<16).map { UInt8($0) }), as: "0.png", labels: [.init("pit")], split: .train,
      provenance: Provenance(
        source: "a.png", group: "a",
        synthetic: .init(model: "m", seed: 0, step: 1, source: "a.png", sourceSplit: split.rawValue)))
    try writer.finish()
  }

  private func record(_ cell: StudyCell, _ fault: Fault?, seed: Int) -> CellRecord {
    let split = cell.part.split ?? 0
    var random = SeededGenerator(seed: UInt64(seed), purpose: cell.arm.rawValue, split)
    let strength =
      fault == .solvedTask ? 12 : fault == .placeboHelps && cell.arm == .placebo ? 4 : 1.5
    func predictions(_ name: String, _ count: Int) -> [Prediction] {
      (0..<count).map { index in
        let truth = index % 4 == 0 ? 1 : 0
        let score = 1 / (1 + exp(-(random.normal() + (truth == 1 ? strength : 0))))
        return Prediction(
          image: "\(name)\(split)-\(index)", group: "\(name)\(split)-\(index)", truth: truth,
          scores: [1 - score, score])
      }
    }
    let made = fault == .gatesLetFewThrough ? 2 : 10
    return CellRecord(
      id: cell.id, arm: cell.arm.rawValue, seed: cell.seed, split: cell.part.split, classes: ["free", "pit"],
      steps: 100,
      validation: predictions("validation", 20), test: predictions("test", 80),
      loss: [LossPoint(step: 1, loss: 1)], seconds: 1,
      trainingImages: [
        TrainingCount(origin: .real, label: "free", count: 60), TrainingCount(origin: .real, label: "pit", count: 20),
      ] + (cell.arm == .synthetic ? [TrainingCount(origin: .synthetic, label: "pit", count: made)] : []),
      threads: 1, libtorch: "2.13.0", audit: [Fact("training images also held out", "0")])
  }
}
