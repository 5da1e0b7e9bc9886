import Files
import Foundation
@testable import Studies
import TestFolders
import Testing

struct StudyFileTests {
  static let shortest = "name: n\ndataset: d\nclean: free\ndefects: [blowhole]\n"

  private func parse(_ text: String) throws -> StudySettings { try StudyFile.parse(text, file: "s.yaml") }

  @Test func theShortestFileHasEveryDefault() throws {
    let settings = try parse(Self.shortest)
    #expect(settings.seeds == [1, 2, 3, 4, 5])
    #expect(settings.arms == StudyArm.standard)
    #expect(settings.imageSize == 64)
    #expect(
      settings.network
        == .classifier(
          ClassifierSettings(
            fit: .stretch, width: 16, steps: 300, batchSize: 32, learningRate: 0.001, weightDecay: 0.01)))
    #expect(settings.primary == .averagePrecision && settings.missCost == 10)
    #expect(settings.translator.runs.isEmpty)
    #expect(settings.translator.training?.filters == 32)
    #expect(settings.synthetic == .ratio(1))
    #expect(settings.falseAlarmRate == 0.05)
    #expect(settings.bootstrap == BootstrapSettings(replicates: 2000, confidence: 0.95, seed: 0))
    #expect(settings.smallestEffect == 0.02)
    #expect(settings.question.contains("blowhole"))
    #expect(!settings.quick)
  }

  @Test func everyKeyIsRead() throws {
    let settings = try parse(
      """
      name: tiles
      question: Does it?
      dataset: ../tiles
      clean: free
      defects: [blowhole, crack]
      size: 96
      seeds: [7, 3]
      quick: true
      arms: [synthetic, real]
      primary: recall-at-false-alarm-rate
      miss-cost: 50
      classifier: {fit: crop, width: 16, steps: 50, batch: 8, learning-rate: 3e-4, weight-decay: 0, precision: bf16}
      translator:
        run: {crack: runs/c, blowhole: runs/b}
      synthetic: {count: 120}
      false-alarm-rate: 0.1
      bootstrap: {replicates: 500, confidence: 0.9, seed: 4}
      smallest-effect: 0.05
      """)
    #expect(settings.seeds == [7, 3])
    #expect(settings.arms == [.synthetic, .real])
    #expect(
      settings.network
        == .classifier(
          ClassifierSettings(
            fit: .crop, width: 16, steps: 50, batchSize: 8, learningRate: 3e-4, weightDecay: 0, precision: .bfloat16)))
    #expect(settings.primary == .recallAtFalseAlarmRate && settings.missCost == 50)
    #expect(settings.translator.runs == ["crack": "runs/c", "blowhole": "runs/b"])
    #expect(settings.translator.training == nil)
    #expect(settings.synthetic.images(real: 40) == 120)
    #expect(settings.classes == ["free", "blowhole", "crack"])
    #expect(settings.bootstrap.confidence == 0.9)
  }

  /// A preset holds where the file is silent, within inner keys too; a run stays alone.
  @Test func presetsFillWhatIsLeftOut() throws {
    let paper = try parse(Self.shortest + "preset: paper\nseeds: [4]")
    #expect(paper.splits?.seeds == [1, 2, 3] && paper.seeds == [4])
    #expect(paper.fractions == [0.1, 0.25, 0.5, 1])
    #expect(paper.arms.contains(.placebo) && paper.arms.contains(.oracle))
    let quick = try StudyFile.parse(
      Self.shortest + "translator: {window: 48}\nclassifier: {steps: 7}", file: "s.yaml", preset: .quick)
    #expect(quick.quick && quick.seeds == [1, 2] && quick.bootstrap.replicates == 500)
    #expect(quick.translator.training?.window == 48 && quick.translator.training?.steps == 200)
    #expect(quick.network.steps == 7)
    let run = try StudyFile.parse(Self.shortest + "translator: {run: r}", file: "s.yaml", preset: .quick)
    #expect(run.translator.runs == ["blowhole": "r"])
    #expect(try StudyFile.parse(Self.shortest, file: "s.yaml", preset: .standard) == parse(Self.shortest))
    #expect(throws: InputError.self) {
      try StudyFile.parse(Self.shortest + "preset: paper", file: "s.yaml", preset: .quick)
    }
  }

  @Test func splitsAndFractionsAreRead() throws {
    #expect(try parse(Self.shortest).parts == [StudyPart()])
    let settings = try parse(
      Self.shortest + "splits: 3\nfractions: [1, 0.25]\narms: [real, synthetic, oracle+oversampling]")
    #expect(settings.splits == SplitSettings(seeds: [1, 2, 3], train: 0.6, validation: 0.2, test: 0.2))
    #expect(settings.fractions == [0.25, 1] && settings.seeds == [1])
    #expect(settings.parts.count == 6 && settings.parts[1] == StudyPart(split: 1, fraction: 1))
    let given = try parse(
      Self.shortest + "splits: {seeds: [7], train: 0.5, validation: 0.1, test: 0.4}\nseeds: 6")
    #expect(given.splits == SplitSettings(seeds: [7], train: 0.5, validation: 0.1, test: 0.4))
    #expect(given.seeds.count == 6 && given.runs == 6 && settings.runs == 3)
    #expect(throws: InputError.self) { try parse(Self.shortest + "splits: {seeds: [7]}\nseeds: 2") }
  }

  @Test func trainingsAreSetUpAsWritten() throws {
    let settings = try parse(
      Self.shortest
        + "classifier: {schedule: step, keep: best, stem: imagenet, width: 64, weights: ../resnet18.safetensors}")
    guard case .classifier(let classifier) = settings.network else {
      Issue.record("no classifier")
      return
    }
    #expect(classifier.schedule == .step && classifier.keep == .best && classifier.stem == .imageNet)
    #expect(settings.network.weights == "../resnet18.safetensors" && settings.network.keep == .best)
    #expect(throws: InputError.self) { try StudyPlan(settings: settings, parts: [PartPlan(datasetHash: "d")]) }
    // The same file elsewhere is the same study, another file is another.
    var moved = settings
    moved.network = try parse(
      Self.shortest + "classifier: {schedule: step, keep: best, stem: imagenet, width: 64, weights: w}"
    ).network
    func plan(_ settings: StudySettings, _ hash: String) throws -> StudyPlan {
      try StudyPlan(settings: settings, parts: [PartPlan(datasetHash: "d")], weightsHash: hash)
    }
    #expect(try plan(settings, "a").hash == plan(moved, "a").hash)
    #expect(try plan(settings, "a").cells() == plan(moved, "a").cells())
    #expect(try plan(settings, "a").cells()[0].id != plan(settings, "b").cells()[0].id)
  }

  @Test func armsMayHaveMoreOrFewerImages() throws {
    let settings = try parse(
      Self.shortest + "arms: [real, synthetic, synthetic@2, synthetic@0.5+oversampling, copy-paste@3]")
    let twice = StudyArm(.synthetic, factor: 2)
    #expect(settings.arms[2] == twice && settings.arms[3] == StudyArm(.synthetic, .oversampling, factor: 0.5))
    #expect(settings.arms.map(\.rawValue)[3] == "synthetic@0.5+oversampling")
    #expect(
      twice.title == "Real + synthetic × 2" && twice != .synthetic && StudyArm(.copyPaste, factor: 3).isCheapRival)
    for name in [
      "synthetic@", "synthetic@0", "synthetic@x", "synthetic@2@2", "real@2", "synthetic@1", "synthetic@2+", "@2",
    ] {
      #expect(StudyArm(rawValue: name) == nil, "\(name)")
    }
    #expect(SyntheticAmount.ratio(0.5).images(real: 9, factor: 2) == 9)
    #expect(SyntheticAmount.count(50).images(real: 9, factor: 0.5) == 25)
  }

  @Test func segmentersAreATaskOfTheirOwn() throws {
    let masked = Self.shortest + "task: segmentation\ntranslator: {window: 48}\narms: [real, synthetic]\n"
    let settings = try parse(masked)
    #expect(
      settings.network
        == .segmenter(
          SegmenterSettings(
            window: 64, defectShare: 0.5, width: 16, depth: 4, steps: 400, batchSize: 16, learningRate: 0.001,
            weightDecay: 0.01)))
    #expect(settings.primary == .dice && settings.question.contains("improve the segmenter"))
    let given = try parse(
      masked + "primary: boundary-f1\nsegmenter: {window: 48, depth: 3, defect-share: 0.125, steps: 9}")
    #expect(given.network.steps == 9 && given.network.batchSize == 16 && given.primary == .boundaryF1)
    // A preset is for both tasks.
    #expect(try StudyFile.parse(masked, file: "s.yaml", preset: .quick).network.steps == 100)
    let paper = try StudyFile.parse(
      Self.shortest + "task: segmentation\ntranslator: {window: 48}", file: "s.yaml", preset: .paper)
    #expect(paper.arms.contains(StudyArm(.copyPaste)) && !paper.arms.contains { $0.treatment == .oversampling })
    let round = try JSONDecoder().decode(StudySettings.self, from: JSONEncoder().encode(given))
    #expect(round == given)
  }

  /// Where half of the windows show a defect in every arm, oversampling would be another name for nothing.
  @Test func segmentersAreOversampledOnlyWhereTheyCanBe() throws {
    let text = Self.shortest + "task: segmentation\ntranslator: {window: 48}\narms: [real, synthetic, oversampling]\n"
    let error = try #require(throws: InputError.self) { try parse(text) }
    #expect(error.description.contains("defect-share"))
    #expect(try parse(text + "segmenter: {defect-share: 0}").arms.contains(.oversampling))
    let usual = try parse(Self.shortest + "task: segmentation\ntranslator: {window: 48}").arms
    #expect(usual == [.real, .synthetic, .classWeights, .augmentation, StudyArm(.copyPaste)])
  }

  /// Gates judge what is made where masks say, and nothing else.
  @Test func gatesJudgeImagesWithMasks() throws {
    let masked = Self.shortest + "translator: {window: 48}\n"
    #expect(try parse(masked).gates?.gates == [.change, .agreement])
    #expect(try parse(masked + "gates: [memory, change]").gates?.gates == [.change, .memory])
    #expect(try parse(masked + "gates: []").gates == nil)
    #expect(try parse(Self.shortest).gates == nil)
    #expect(try parse(Self.shortest + "arms: [real, synthetic, copy-paste]").gates?.gates == [.change, .agreement])
    #expect(try parse(Self.shortest + "translator: {run: ../run}").gates?.gates == [.change, .agreement])
  }

  /// A window means masks, and then the cycle losses weigh what goes with masks unless the file says otherwise.
  @Test func translatorsMayLearnFromMasks() throws {
    let masked = try #require(parse(Self.shortest + "translator: {window: 48, batch: 4}").translator.training)
    #expect(masked.window == 48 && masked.cycleWeight == nil && masked.batchSize == 4)
    #expect(try parse(Self.shortest + "translator: {window: 48, cycle: 3}").translator.training?.cycleWeight == 3)
    let published = try #require(parse(Self.shortest).translator.training)
    #expect(published.window == nil && published.cycleWeight == 10)
    #expect(throws: InputError.self) { try parse(Self.shortest + "translator: {window: 50}") }
  }

  @Test func armsAreAdditionsAndTreatments() throws {
    #expect(StudyArm.all.count == 25 && Set(StudyArm.all.map(\.rawValue)).count == 25)
    #expect(StudyArm.all.allSatisfy { StudyArm(rawValue: $0.rawValue) == $0 })
    #expect(StudyArm(rawValue: "real") == .real && StudyArm(rawValue: "real+oversampling") == nil)
    let settings = try parse(Self.shortest + "arms: [real, synthetic, synthetic+class-weights, copy-paste]")
    #expect(settings.arms == [.real, .synthetic, StudyArm(.synthetic, .classWeights), StudyArm(.copyPaste)])
    #expect(StudyArm(.copyPaste).isCheapRival && StudyArm.oversampling.isCheapRival)
    #expect(![StudyArm.real, .synthetic, .placebo, StudyArm(.synthetic, .oversampling)].contains { $0.isCheapRival })
    #expect(Set(StudyArm.all.map(\.title)).count == 25)
  }

  /// Inverse frequency and effective numbers, with β = 0.999, both 1 on average over the images.
  @Test func classesWeighAgainstTheirFrequencies() throws {
    let counts = [900, 100]
    let inverse = try #require(StudyArm.Treatment.classWeights.classWeights(counts))
    #expect(abs(inverse[0] - 1000.0 / 1800) < 1e-12 && abs(inverse[1] - 5) < 1e-12)
    let effective = try #require(StudyArm.Treatment.effectiveNumber.classWeights(counts))
    // Effective numbers: (1 − 0.999ⁿ) / 0.001 = 593.6 and 95.2.
    #expect(abs(effective[1] / effective[0] - 593.6 / 95.2) < 0.01)
    #expect(abs(0.9 * effective[0] + 0.1 * effective[1] - 1) < 1e-12)
    #expect(StudyArm.Treatment.oversampling.classWeights(counts) == nil)
  }

  struct Fault: CustomTestStringConvertible {
    var text: String
    /// Parts of the error: where, and what helps.
    var says: [String]
    var testDescription: String { text }
  }

  @Test(arguments: [
    Fault(text: "sedes: 5", says: ["s.yaml:5", "'sedes'", "Did you mean 'seeds'"]),
    Fault(text: "classifier:\n  width: 8\n  batch-size: 3", says: ["s.yaml:7", "classifier.batch-size", "'batch'"]),
    Fault(text: "task: detection", says: ["s.yaml:5", "classification or segmentation"]),
    Fault(text: "task: segmentation", says: ["translator", "window"]),
    Fault(text: "translator: {window: 48}\ngates: [opinion]", says: ["gates", "discriminator", "'opinion'"]),
    Fault(text: "gates: [agreement]", says: ["gates", "window"]),
    Fault(text: "task: segmentation\nclassifier: {steps: 3}", says: ["s.yaml:6", "classifier"]),
    Fault(text: "segmenter: {steps: 3}", says: ["s.yaml:5", "task: segmentation"]),
    Fault(text: "primary: dice", says: ["s.yaml:5", "average-precision"]),
    Fault(text: "classifier: {keep: first}", says: ["s.yaml:5", "last or best"]),
    Fault(text: "classifier: {fit: pad}", says: ["s.yaml:5", "crop or stretch"]),
    Fault(
      text: "task: segmentation\ntranslator: {window: 48}\nsegmenter: {window: 48, depth: 5}",
      says: ["s.yaml:7", "64 pixels"]),
    Fault(text: "classifier: {setps: 3}", says: ["s.yaml:5", "'steps'"]),
    Fault(text: "seeds: 4", says: ["s.yaml:5: seeds", "at least 5", "quick: true"]),
    Fault(text: "seeds: [1, 2, 3, 4, 4]", says: ["different"]),
    Fault(text: "preset: fast", says: ["s.yaml:5: preset", "quick, standard, paper"]),
    Fault(text: "splits: 2", says: ["s.yaml:5: splits", "at least 3", "quick: true"]),
    Fault(text: "splits: {seeds: [1, 1, 2]}", says: ["different"]),
    Fault(text: "splits: {train: 0.5}", says: ["add up to 1"]),
    Fault(text: "splits: {count: 3}", says: ["splits.count", "seeds, train"]),
    Fault(text: "fractions: 0.5", says: ["fractions", "a list"]),
    Fault(text: "fractions: [0.5, 2]", says: ["fractions[1]", "0.0001...1"]),
    Fault(text: "fractions: [0.5, 0.5]", says: ["different"]),
    Fault(text: "arms: [real, synthetic, oracle]", says: ["fractions below 1"]),
    Fault(text: "fractions: [0.5, 1]\ntranslator: {run: r}", says: ["translator.run", "may have seen"]),
    Fault(text: "seeds: \"5\"", says: ["whole number"]),
    Fault(text: "seeds: 5.5", says: ["whole number"]),
    Fault(text: "seeds: []", says: ["different"]),
    Fault(text: "arms: [real, oversampling]", says: ["synthetic"]),
    Fault(text: "arms: [real, synthetic, class-weight]", says: ["Did you mean 'class-weights'"]),
    Fault(text: "arms: real", says: ["a list"]),
    Fault(text: "size: 62", says: ["multiple of 4"]),
    Fault(text: "size: 4096", says: ["32...1024"]),
    Fault(text: "false-alarm-rate: 5", says: ["0.5"]),
    Fault(text: "false-alarm-rate: .nan", says: ["false-alarm-rate", "a number"]),
    Fault(text: "smallest-effect: nan", says: ["smallest-effect", "a number"]),
    Fault(text: "quick: yes", says: ["true or false"]),
    Fault(text: "synthetic: {ratio: 1, count: 3}", says: ["both"]),
    Fault(text: "synthetic: {}", says: ["neither"]),
    Fault(text: "synthetic: 3", says: ["keys with values"]),
    Fault(text: "translator: {run: r, steps: 5}", says: ["translator.steps", "nothing beside 'run'"]),
    Fault(text: "translator: {run: {crack: r}}", says: ["translator.run.crack", "blowhole"]),
    Fault(text: "translator: {precision: fp16}", says: ["translator.precision", "fp32 or bf16"]),
    Fault(text: "bootstrap: {replicates: 5}", says: ["100...100000"]),
    Fault(text: "question:", says: ["a text"]),
    Fault(text: "question: [a]", says: ["a list"]),
    Fault(text: "name: again", says: ["s.yaml:", "once", "name"]),
    Fault(text: "question: \"open", says: ["s.yaml:", "YAML"]),
    Fault(text: "question: *nobody", says: ["alias"]),
  ])
  func refusesWhatIsWrongAndSaysWhere(fault: Fault) throws {
    let error = try #require(throws: InputError.self) { try parse(Self.shortest + fault.text) }
    for part in fault.says { #expect(error.description.contains(part), "\(error.description)") }
  }

  @Test(arguments: ["name", "dataset", "clean", "defects"])
  func namesWhatIsMissing(key: String) throws {
    let text = Self.shortest.split(separator: "\n").filter { !$0.hasPrefix(key) }.joined(separator: "\n")
    let error = try #require(throws: InputError.self) { try parse(text) }
    #expect(error.place.hasSuffix(": \(key)"))
    #expect(error.remedy.contains("\(key): "))
  }

  @Test(arguments: ["", "- a\n- b", "5", "defects: [free]\nname: n\ndataset: d\nclean: free"])
  func refusesWhatIsNoStudy(text: String) {
    #expect(throws: InputError.self) { try parse(text) }
  }

  @Test func oneRunServesOnlyOneDefect() throws {
    let two = Self.shortest.replacing("[blowhole]", with: "[blowhole, crack]") + "translator: {run: r}"
    #expect(try #require(throws: InputError.self) { try parse(two) }.description.contains("blowhole, crack"))
    #expect(try parse(Self.shortest + "translator: {run: r}").translator.runs == ["blowhole": "r"])
  }

  @Test func refusesAFileThatCannotBeOne() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("s.yaml")
    #expect(throws: InputError.self) { try StudyFile.read(from: file) }
    try Data(repeating: 0x23, count: 300 << 10).write(to: file)
    #expect(throws: InputError.self) { try StudyFile.read(from: file) }
    try Data([0xff, 0xfe, 0x00]).write(to: file)
    #expect(throws: InputError.self) { try StudyFile.read(from: file) }
    try Data(Self.shortest.utf8).write(to: file)
    #expect(try StudyFile.read(from: file).name == "n")
  }
}
