import Files
import Foundation
import Metrics
import Runs
@testable import Studies
import TestFolders
import Testing

struct StudyAnalysisTests {
  private func results(_ study: SimulatedStudy) throws -> StudyResults {
    try StudyAnalysis(plan: study.plan(), records: study.records()).results()
  }

  @Test func aLargeGainHelps() throws {
    let verdict = try results(SimulatedStudy(separation: [.real: 1, .synthetic: 2.2, .oversampling: 1])).verdict
    #expect(verdict.outcome == .helps)
    #expect(verdict.headline.hasPrefix("Synthetic images help: average precision for blowhole changes by +0."))
    #expect(verdict.rival == "oversampling")
    #expect(verdict.explanation.contains { $0.contains("better than it") })
    let detectable = try #require(verdict.detectable)
    #expect(verdict.explanation.contains { $0.contains(String(format: "finds a difference of %.3f", detectable)) })
    #expect(verdict.needed == nil)
  }

  @Test func aLossHarms() throws {
    let verdict = try results(SimulatedStudy(separation: [.real: 2.2, .synthetic: 1])).verdict
    #expect(verdict.outcome == .harms)
    #expect(verdict.explanation.contains { $0.contains("leave synthetic images") })
  }

  /// Nothing gained, and precisely enough known; the cheap alternative works and is named.
  @Test func noGainDoesNotHelpAndTheCheapAlternativeIsNamed() throws {
    var study = SimulatedStudy(separation: [.real: 1.5, .synthetic: 1.5, .oversampling: 2.5, .classWeights: 1.5])
    study.seedSpread = 0.01
    study.ownNoise = 0.02
    study.smallestEffect = 0.05
    let verdict = try results(study).verdict
    #expect(verdict.outcome == .doesNotHelp)
    #expect(verdict.rival == "oversampling")
    #expect(verdict.explanation.contains { $0.contains("ruled out") })
    #expect(verdict.explanation.contains { $0.contains("it does help") })
    #expect(verdict.explanation.contains("Use oversampling instead."))
  }

  /// Whether more seeds or more images would tell depends on where the noise comes from.
  @Test func aSmallStudyCannotTellAndSaysWhatWould() throws {
    var study = SimulatedStudy(separation: [.real: 1.2, .synthetic: 1.4])
    study.seedSpread = 0.5
    let verdict = try results(study).verdict
    #expect(verdict.outcome == .cannotTell)
    let needed = try #require(verdict.needed)
    #expect(try #require(needed.seeds) > 5)
    #expect(verdict.explanation.contains { $0.contains("seeds in place of 5") })
    #expect(try results(SimulatedStudy(separation: [.real: 1, .synthetic: 2.2])).verdict.needed == nil)
  }

  /// A gain by images of nothing is no gain by synthetic images.
  @Test func aPlaceboThatHelpsIsNamed() throws {
    func sentence(_ placebo: Double) throws -> String {
      var study = SimulatedStudy(separation: [.real: 1.5, .synthetic: 2.5, .placebo: placebo])
      study.seedSpread = 0.01
      study.ownNoise = 0.02
      study.smallestEffect = 0.05
      return try #require(try results(study).verdict.explanation.first { $0.hasPrefix("The placebo") })
    }
    #expect(try sentence(2.5).contains("not due to what they show"))
    #expect(try sentence(1.5).contains("does not help, as it must not"))
    #expect(try sentence(0.5).contains("it harms"))
    let none = try results(SimulatedStudy(separation: [.real: 1.5, .synthetic: 2.5])).verdict.explanation
    #expect(!none.contains { $0.contains("placebo") })
  }

  @Test func aCeilingIsNamed() throws {
    func names(_ separation: Double) throws -> Bool {
      try results(SimulatedStudy(separation: [.real: separation, .synthetic: separation])).warnings
        .contains { $0.contains("no room for a gain") }
    }
    #expect(try names(9))
    #expect(try !names(1))
  }

  @Test(arguments: [1, 2])
  func aRehearsalSaysSo(seeds: Int) throws {
    var study = SimulatedStudy(separation: [.real: 1, .synthetic: 3])
    study.seeds = seeds
    let results = try results(study)
    #expect(results.verdict.headline.hasPrefix("Rehearsal with \(seeds) seed"))
    #expect(results.warnings.contains { $0.contains("rehearsal") })
    if seeds == 1 {
      #expect(results.verdict.outcome == .cannotTell)
      #expect(results.differences.allSatisfy { $0.pValue == nil })
    }
  }

  @Test(arguments: [
    (0.01, 0.03, VerdictRecord.Outcome.helps), (0.03, 0.05, .helps), (-0.03, -0.01, .harms),
    (-0.01, 0.019, .doesNotHelp), (0.001, 0.019, .doesNotHelp), (-0.01, 0.02, .cannotTell), (0, 0.05, .cannotTell),
  ])
  func outcomesFollowTheInterval(lower: Double, upper: Double, expected: VerdictRecord.Outcome) {
    #expect(Verdict.outcome(lower...upper, smallestEffect: 0.02) == expected)
  }

  /// Every figure of one cell, worked out by hand from its record.
  @Test func figuresAreThoseOfTheCells() throws {
    var study = SimulatedStudy(separation: [.real: 1.5, .synthetic: 1.5])
    study.defects = ["blowhole", "crack"]
    let results = try results(study)
    let records = try study.records().filter { $0.arm == "real" }
    let real = try #require(results.arm(named: "real"))
    #expect(real.figures.count == 4 * 5)
    var means: [Double] = []
    for (seed, record) in records.enumerated() {
      func ranked(_ predictions: [Prediction]) throws -> RankedScores {
        try RankedScores(scores: predictions.map { $0.scores[2] }, positives: predictions.map { $0.truth == 2 })
      }
      let test = try ranked(record.test)
      let threshold = try #require(ranked(record.validation).thresholdMaximizingF1()).threshold
      let scope = FigureScope.defect("crack")
      #expect(real.figure(.averagePrecision, scope)?.perSeed[seed] == test.averagePrecision())
      #expect(real.figure(.f1, scope)?.perSeed[seed] == test.f1(threshold: threshold))
      #expect(real.figure(.recallAtFalseAlarmRate, scope)?.perSeed[seed] == test.recall(atFalsePositiveRate: 0.05))
      #expect(real.figure(.areaUnderROC, scope)?.perSeed[seed] == test.areaUnderROC())
      let any = try RankedScores(
        scores: record.test.map { 1 - $0.scores[0] }, positives: record.test.map { $0.truth != 0 })
      #expect(real.figure(.averagePrecision, .anyDefect)?.perSeed[seed] == any.averagePrecision())
      let other = try RankedScores(
        scores: record.test.map { $0.scores[1] }, positives: record.test.map { $0.truth == 1 })
      means.append((try #require(test.averagePrecision()) + (try #require(other.averagePrecision()))) / 2)
    }
    let mean = try #require(real.figure(.averagePrecision, .mean))
    for (value, expected) in zip(mean.perSeed, means) { #expect(abs((value ?? 0) - expected) < 1e-12) }
    #expect(real.confusion.joined().reduce(0, +) == Double(results.testImages))
    #expect(results.testImages == 240 && results.testGroups == 60)
    #expect(results.precisionRecall.count == 2 * 3)
    #expect(results.precisionRecall.allSatisfy { zip($0.precision, $0.precision.dropFirst()).allSatisfy { $0 >= $1 } })
    #expect(results.loss.count == 2 && results.loss.allSatisfy { $0.points.count == 11 })
  }

  @Test func differencesArePairedAndCorrected() throws {
    let results = try results(
      SimulatedStudy(separation: [.real: 1, .synthetic: 2, .oversampling: 1.2, .augmentation: 1]))
    let differences = results.differences.filter {
      $0.against == "real" && $0.figure == .averagePrecision && $0.scope == .mean
    }
    #expect(differences.map(\.arm) == ["synthetic", "oversampling", "augmentation"])
    let adjusted = HolmCorrection.adjusted(differences.compactMap(\.pValue))
    #expect(differences.map(\.adjustedPValue) == adjusted.map { $0 })
    #expect(differences[0].signFlipPValue == 2.0 / 32)
    let real = try #require(results.arm(named: "real")?.figure(.averagePrecision, .mean))
    let synthetic = try #require(results.arm(named: "synthetic")?.figure(.averagePrecision, .mean))
    for seed in 0..<5 {
      #expect(differences[0].perSeed[seed] == (synthetic.perSeed[seed] ?? 0) - (real.perSeed[seed] ?? 0))
    }
    #expect(
      results.difference(of: "synthetic", against: "oversampling", figure: .averagePrecision, scope: .mean) != nil)
  }

  /// The rival is chosen where the test set is not looked at.
  @Test func theRivalIsChosenOnTheValidationSet() throws {
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 1, .oversampling: 1.2, .classWeights: 1.2])
    let plan = try study.plan()
    for favourite in [StudyArm.oversampling, .classWeights] {
      let records = try study.records().map { record in
        var record = record
        guard record.arm == favourite.rawValue else { return record }
        for index in record.validation.indices {
          record.validation[index].scores = record.validation[index].truth == 1 ? [0, 1] : [1, 0]
        }
        return record
      }
      #expect(try StudyAnalysis(plan: plan, records: records).results().verdict.rival == favourite.rawValue)
    }
  }

  @Test func whatIsUndefinedStaysUndefined() throws {
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2])
    let records = try study.records().map { record in
      var record = record
      for index in record.test.indices { record.test[index].truth = 0 }
      return record
    }
    let results = try StudyAnalysis(plan: study.plan(), records: records).results()
    #expect(results.verdict.outcome == .cannotTell)
    #expect(results.arm(named: "real")?.figure(.averagePrecision, .mean)?.value == nil)
    #expect(results.warnings.contains { $0.contains("No test image shows blowhole") })
    #expect(results.differences.isEmpty)
  }

  @Test func cellsOfOtherSplitsAreRefused() throws {
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2])
    let plan = try study.plan()
    let records = try study.records()
    #expect(throws: InputError.self) { try StudyAnalysis(plan: plan, records: Array(records.dropLast())) }
    for fault in 0..<3 {
      var changed = records
      switch fault {
      case 0: changed[3].test[5].image = "another.png"
      case 1: changed[3].validation[5].group = "another"
      default: changed[3].test.removeLast()
      }
      #expect(throws: InputError.self) { try StudyAnalysis(plan: plan, records: changed) }
    }
    var shuffled = records
    shuffled[3].test.reverse()
    #expect(
      try StudyAnalysis(plan: plan, records: shuffled).results()
        == StudyAnalysis(plan: plan, records: records).results())
  }

  @Test func findingsOfTheAuditAreShownOnce() throws {
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2], testGroups: 10)
    let records = try study.records().map { record in
      var record = record
      record.audit = [Fact("duplicates across splits", "none"), Fact("colour shift", "seed \(record.seed)")]
      return record
    }
    let facts = try StudyAnalysis(plan: study.plan(), records: records).results().facts
    #expect(facts.filter { $0.key == "duplicates across splits" }.map(\.value) == ["none"])
    #expect(facts.filter { $0.key == "colour shift" }.map(\.value) == ["seed 1; and 4 others"])
  }

  @Test func resultsSurviveTheDisk() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent(StudyResults.fileName)
    let study = SimulatedStudy(separation: [.real: 1, .synthetic: 2, .augmentation: 1.1])
    let written = try StudyAnalysis(plan: study.plan(), records: study.records()).results(
      facts: [Fact("command", "patina study")], warnings: ["one of mine"])
    try JSONFile.write(written, to: file)
    #expect(try StudyResults.read(from: file) == written)
    #expect(written.facts.last == Fact("command", "patina study"))
    #expect(written.warnings.last == "one of mine")
  }
}
