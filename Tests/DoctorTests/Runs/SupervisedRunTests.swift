import Datasets
import Files
import Foundation
import Runs
import TestFolders
import Testing
import Training

@testable import Doctor

/// Classifiers' and segmenters' runs, from their own settings, images and weights.
struct SupervisedRunTests {
  private let place: TemporaryFolder
  private let sets: LabelledSets

  init() throws {
    place = try TemporaryFolder()
    sets = try LabelledSets([place.spottedSurfaces()])
  }

  private func classifier(steps: Int = 150) throws -> URL {
    var configuration = ClassifierRunConfiguration(source: sets.source, size: 32, channels: sets.channels, threads: 1)
    (configuration.classifier.width, configuration.classifier.steps, configuration.classifier.batchSize) = (8, steps, 8)
    try ClassifierRun.start(configuration, on: sets, in: place["run"]).train()
    return place["run"]
  }

  private func segmenter() throws -> URL {
    var configuration = SegmenterRunConfiguration(source: sets.source, size: 32, channels: sets.channels, threads: 1)
    (configuration.segmenter.width, configuration.segmenter.depth) = (8, 2)
    (configuration.segmenter.steps, configuration.segmenter.batchSize) = (250, 8)
    try SegmenterRun.start(configuration, on: sets, in: place["run"]).train()
    return place["run"]
  }

  private func visit(_ run: URL, _ choice: Examination.Choice = .init()) throws -> DoctorRecord {
    try DoctorVisit(run, seed: 0, threads: 1).examination.record(choice)
  }

  private func told(_ record: DoctorRecord) -> String {
    record.checks.map { "\($0.name) \($0.verdict.rawValue): \($0.finding)" }.joined(separator: "\n")
  }

  @Test(arguments: [false, true])
  func healthyRunsPass(segments: Bool) throws {
    let record = try visit(segments ? segmenter() : classifier())
    #expect(record.count(of: .fail) == 0 && record.count(of: .warn) == 0, "\(told(record))")
    #expect(record.names(.notRun).isEmpty && record.checks.count == 16, "\(told(record))")
  }

  @Test func settingsAreHeldAgainstTheUsualOnes() throws {
    let record = try visit(classifier(steps: 1), .init(only: [.settings]))
    #expect(
      record.checks[0].finding
        == "other than usual: classifier.batchSize 8 (usual: 32); classifier.steps 1 (usual: 300); classifier.width 8 (usual: 16)"
    )
  }

  @Test func lossesThatAreNoNumbersOrExplodeAreFound() throws {
    let run = try classifier()
    let losses = run.appendingPathComponent("losses.csv")
    let text = try String(contentsOf: losses, encoding: .utf8)
    for (value, says) in [("nan", "no finite number in step 30"), ("99", "the loss was 99 in step 30")] {
      let lines = text.split(separator: "\n").map { $0.hasPrefix("30,") ? "30,\(value),0.001" : String($0) }
      try (lines.joined(separator: "\n") + "\n").write(to: losses, atomically: true, encoding: .utf8)
      let record = try visit(run, .init(only: [.finiteLosses]))
      #expect(record.names(.fail) == ["finite-losses"] && record.checks[0].finding.contains(says), "\(told(record))")
    }
  }

  /// Weights of another network in the run's place: nothing is known of any image.
  @Test func weightsThatKnowNothingAreFound() throws {
    let run = try classifier(steps: 1)
    let record = try visit(run, .init(only: [.dumbBaselines, .generalisation]))
    #expect(record.names(.warn).contains("dumb-baselines"), "\(told(record))")
  }

  /// What is learned by heart and of no use: the labels of training images were drawn by lot.
  @Test func learningByHeartIsFound() throws {
    let random = try place.spottedSurfaces("random", lots: true)
    let sets = try LabelledSets([random])
    var configuration = ClassifierRunConfiguration(source: sets.source, size: 32, channels: sets.channels, threads: 1)
    (configuration.classifier.width, configuration.classifier.steps, configuration.classifier.batchSize) = (8, 120, 8)
    try ClassifierRun.start(configuration, on: sets, in: place["heart"]).train()
    let record = try visit(place["heart"], .init(only: [.generalisation]))
    #expect(record.names(.warn) == ["generalisation"], "\(told(record))")
  }

  @Test func imagesThatAreGoneAreSaid() throws {
    let run = try classifier()
    try FileManager.default.removeItem(at: place["set"])
    #expect(throws: InputError.self) { try visit(run) }
  }
}
