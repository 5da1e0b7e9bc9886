import Files
import Foundation
import Models
import Runs
import TestFolders
import Testing
import Torch
import Training

@testable import Doctor

/// The checks of a translator's run: each failure is put there on purpose and found by its name, healthy runs pass.
struct TranslatorRunTests {
  private let small: SmallTranslatorRun

  init() throws { small = try SmallTranslatorRun() }

  private func record(
    _ checks: TranslatorRunChecks, only: Set<Check>? = nil
  ) -> [String: CheckResult] {
    let record = Examination(.run, name: "run", steps: checks.steps).record(.init(only: only))
    return Dictionary(uniqueKeysWithValues: record.checks.map { ($0.name, $0) })
  }

  private func verdicts(_ found: [String: CheckResult], _ verdict: CheckVerdict) -> Set<String> {
    Set(found.filter { $0.value.verdict == verdict }.keys)
  }

  // MARK: Healthy runs

  @Test(arguments: [1, 2, 3] as [UInt64]) func aHealthyRunPasses(seed: UInt64) throws {
    let found = record(try TranslatorRunChecks(small.cycleGAN(seed: seed)))
    #expect(found.count == 10)
    #expect(verdicts(found, .pass).count == 9 && verdicts(found, .notRun) == ["outside-mask"], "\(found.values)")
    #expect(found["settings"]?.finding.contains("learningRate 0.001 (published: 0.0002)") == true)
    #expect(found["settings"]?.finding.contains("seed") == false)
    #expect(found["film-strip"]?.pictures.first?.file.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    #expect(found["mode-collapse"]?.finding.contains("validation") == true)
  }

  @Test func aHealthyRunWithMasksPassesAndChangesNothingElse() throws {
    let found = record(try TranslatorRunChecks(small.cycleGAN(masks: true, steps: 60)))
    #expect(found["outside-mask"]?.verdict == .pass && found["outside-mask"]?.measures.map(\.value) == [0, 0])
    #expect(verdicts(found, .notRun) == ["colour-inversion"] && verdicts(found, .fail).isEmpty, "\(found.values)")
  }

  @Test func aRunOfCUTHasNoCycle() throws {
    let found = record(try TranslatorRunChecks(small.cut()))
    #expect(found["steganography"]?.verdict == .notRun)
    #expect(found["steganography"]?.finding.contains("no cycle") == true)
    #expect(found["mode-collapse"]?.measures.count == 1 && found["memorisation"]?.verdict != .notRun)
    #expect(found["film-strip"]?.verdict == .pass && found["settings"]?.finding.contains("for CUT:") == true)
  }

  @Test func anUnfinishedRunIsExaminedByItsLastCheckpoint() throws {
    let url = try small.cycleGAN(steps: 6)
    try FileManager.default.removeItem(at: url.appendingPathComponent(RunWeights.finalName))
    #expect(record(try TranslatorRunChecks(url))["mode-collapse"]?.verdict != .notRun)
    try FileManager.default.removeItem(at: url.appendingPathComponent("checkpoints"))
    let found = record(try TranslatorRunChecks(url))
    #expect(found["mode-collapse"]?.verdict == .notRun && found["finite-losses"]?.verdict == .pass)
    #expect(found["mode-collapse"]?.finding.contains("no weights") == true)
  }

  @Test func withoutItsImagesARunIsExaminedByWhatItWroteDown() throws {
    let url = try small.cycleGAN(steps: 6)
    try FileManager.default.removeItem(at: small.dataset.folder)
    let found = record(try TranslatorRunChecks(url))
    #expect(verdicts(found, .pass) == ["settings", "finite-losses", "discriminator-balance", "film-strip"])
    #expect(found.values.filter { $0.verdict == .notRun }.allSatisfy { $0.finding.contains("cannot be read") })
    #expect(found.count { $0.value.verdict == .notRun } == 6)
  }

  @Test func otherRunsAreRefused() throws {
    let record = RunRecord(kind: "classifier", seed: 1, versions: [:], configuration: ["a": 1])
    _ = try RunFolder(creating: small.folder["other"], record: record)
    #expect(throws: InputError.self) { try TranslatorRunChecks(small.folder["other"]) }
    #expect(!TranslatorRunChecks.applies(toKind: "classifier") && TranslatorRunChecks.applies(toKind: "cut"))
  }

  // MARK: Generators with a fault

  private static let faults = ["identity", "constant", "negative", "hidden", "memorising"]

  @Test(arguments: faults) func aGeneratorWithAFaultIsFoundByName(fault: String) throws {
    var checks = try TranslatorRunChecks(small.cycleGAN(steps: 2))
    let training = try checks.images().trainingDefects
    checks.translator = { try Self.translator(fault, training) }
    let found = record(
      checks, only: [.modeCollapse, .colourInversion, .identityGenerator, .steganography, .memorisation])
    let expected: [String: Set<String>] = [
      "identity": ["identity-generator"], "constant": ["mode-collapse"], "negative": ["colour-inversion"],
      // What hides an image hardly shows it.
      "hidden": ["steganography", "mode-collapse"], "memorising": ["memorisation"],
    ]
    let wrong = verdicts(found, .fail).union(verdicts(found, .warn))
    #expect(wrong == expected[fault], "\(found.values.map { "\($0.name) \($0.verdict) \($0.finding) \($0.measures)" })")
    for name in wrong {
      #expect(found[name]?.pictures.isEmpty == false && found[name]?.advice.isEmpty == false, "\(name)")
    }
  }

  private static func translator(_ fault: String, _ training: Tensor) throws -> TrainedTranslator {
    switch fault {
    case "identity":
      return TrainedTranslator(makeDefects: { images, _ in images }, removeDefects: { images, _ in images })
    case "constant":
      return TrainedTranslator(
        makeDefects: { images, _ in try images * 0 + 0.3 },
        removeDefects: { images, _ in try images * 0 - 0.3 })
    case "negative":
      return TrainedTranslator(makeDefects: { images, _ in try -images }, removeDefects: { images, _ in try -images })
    case "hidden":
      // Below one grey level of a picture that is always the same.
      return TrainedTranslator(
        makeDefects: { images, _ in try images * 0.002 + 0.3 },
        removeDefects: { images, _ in try ((images + -0.3) * 500).clamped(-1, 1) })
    default:
      return TrainedTranslator(
        makeDefects: { images, _ in
          // Another training image for each input, with a little noise.
          let parts = try (0..<images.shape[0]).map { index in
            let key = try abs(Int(images.sliced(0, index..<index + 1).sum().item() * 100)) % training.shape[0]
            return try training.sliced(0, key..<key + 1)
          }
          let noise = try Tensor.normal(images.shape, standardDeviation: 0.02, generator: Generator(seed: 1))
          return try .concatenated(parts) * 0.95 + noise
        }, removeDefects: nil)
    }
  }

  /// Without others every training image is compared with the rest, and not with itself.
  @Test func withoutHeldOutImagesTrainingOnesSayWhatIsNear() throws {
    var checks = try TranslatorRunChecks(small.cycleGAN(steps: 100))
    var images = try checks.images()
    images.heldOutDefects = nil
    checks.images = { [images] in images }
    #expect(record(checks, only: [.memorisation])["memorisation"]?.verdict == .pass)
    let training = images.trainingDefects
    checks.translator = { try Self.translator("memorising", training) }
    let found = record(checks, only: [.memorisation])["memorisation"]
    #expect(found?.verdict == .fail && found?.finding.contains("to each other") == true)
    images.trainingDefects = try training.sliced(0, 0..<5)
    checks.images = { [images] in images }
    #expect(record(checks, only: [.memorisation])["memorisation"]?.verdict == .notRun)
  }

  @Test func aPixelOutsideOfTheMaskIsFound() throws {
    var checks = try TranslatorRunChecks(small.cycleGAN(masks: true, steps: 2))
    let honest = try checks.translator()
    checks.translator = {
      var translator = honest
      translator.makeDefects = { try honest.makeDefects($0, $1) + 0.001 }
      return translator
    }
    let found = record(checks, only: [.outsideMask])
    #expect(found["outside-mask"]?.verdict == .fail && found["outside-mask"]?.pictures.count == 1)
    #expect(found["outside-mask"]?.finding.contains("grey levels") == true)
  }

  // MARK: Losses with a fault

  private func history(_ url: URL, _ change: (Int, inout [Double]) -> Void) throws -> [String: CheckResult] {
    let losses = url.appendingPathComponent("losses.csv")
    try FileManager.default.removeItem(at: losses)
    let log = try LossLog(creating: losses, columns: CycleGANLosses.names + ["learning_rate"])
    for step in 1...400 {
      let wave = 0.05 * sin(Double(step) * 1.3)
      var values = [0.4 + wave, 0.4 - wave, 2, 2, 1, 1, 0.2 + wave, 0.2 - wave]
      change(step, &values)
      try log.append(step: step, values: values + [2e-4])
    }
    var checks = try TranslatorRunChecks(url)
    checks.configuration.length = .steps(400)
    return record(checks, only: [.finiteLosses, .discriminatorBalance])
  }

  @Test func lossesWithAFaultAreFoundByName() throws {
    let url = try small.cycleGAN(steps: 2)
    let names = ["finite-losses", "discriminator-balance"]
    func verdicts(_ change: (Int, inout [Double]) -> Void) throws -> [CheckVerdict?] {
      let found = try history(url, change)
      return names.map { found[$0]?.verdict }
    }
    #expect(try verdicts { _, _ in } == [.pass, .pass])
    #expect(try verdicts { step, values in if step > 60 { values[6] = 0.01 } } == [.pass, .fail])
    #expect(try verdicts { step, values in if (60...200).contains(step) { values[7] = 0.01 } } == [.pass, .warn])
    #expect(try verdicts { step, values in if step > 60 { values[0] = 0.001 } } == [.pass, .fail])
    // The means have to come to rest before that is seen.
    #expect(try verdicts { step, values in if step > 60 { values[6] = 0.25 } } == [.pass, .warn])
    #expect(try verdicts { step, values in if step > 300 { values[1] = 900 } } == [.fail, .pass])
    #expect(try verdicts { step, values in if (300...310).contains(step) { values[1] = 900 } } == [.warn, .pass])
    #expect(try verdicts { step, values in if step == 250 { values[3] = .nan } } == [.fail, .pass])

    let found = try history(url) { step, values in if step > 60 { values[6] = 0.01 } }
    let finding = try #require(found["discriminator-balance"]?.finding)
    #expect(finding.contains("defect images was certain from step ") && finding.hasSuffix("on"))
    #expect(
      try history(url) { step, values in if step == 250 { values[3] = .nan } }["finite-losses"]?.finding
        == "cycle_defect is nan in step 250")
  }

  /// A run that stopped for a loss that is no number has no row of it; its warnings tell.
  @Test func aRunThatStoppedForNoNumberIsFound() throws {
    let url = try small.cycleGAN(steps: 6)
    let warnings = url.appendingPathComponent(WarningLog.fileName)
    #expect(record(try TranslatorRunChecks(url), only: [.finiteLosses])["finite-losses"]?.verdict == .pass)
    var text = try String(contentsOf: warnings, encoding: .utf8)
    text += "7,7,begins,not-finite,the loss of the generators,nan\n"
    try AtomicFile.write(text, to: warnings)
    let found = record(try TranslatorRunChecks(url), only: [.finiteLosses])["finite-losses"]
    #expect(found?.verdict == .fail)
    #expect(found?.finding == "the run stopped: the loss of the generators became nan in step 7")
  }
}
