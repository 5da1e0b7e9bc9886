import Datasets
import Files
import Foundation
import Layers
import Runs
import TestFolders
import Testing
import Torch

@testable import Training

/// Warnings of a run: told, written down, the same after a kill, and nothing else is changed by them.
struct RunWarningTests {
  private let folder: TemporaryFolder
  private let configuration: CycleGANConfiguration

  init() throws {
    folder = try TemporaryFolder()
    let dataset = try folder.dataset()
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "bright")
    var configuration = CycleGANConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: nil, channels: 1), threads: 1)
    (configuration.filters, configuration.discriminatorFilters, configuration.blocks) = (4, 8, 1)
    configuration.length = .steps(220)
    (configuration.checkpointInterval, configuration.sampleInterval) = (20, 50)
    // So heavy a cycle that generators of changes change nothing: domains as far apart as dark and bright are easily told
    // apart then.
    (configuration.residual, configuration.poolSize) = (true, 2)
    (configuration.loss.cleanCycle, configuration.loss.defectCycle) = (1e4, 1e4)
    configuration.learningRate = 1e-3
    self.configuration = configuration
  }

  private func text(_ run: String, _ file: String = WarningLog.fileName) throws -> String {
    try String(contentsOf: folder[run].appendingPathComponent(file), encoding: .utf8)
  }

  private func warnings(_ run: String) throws -> [TrainingWarning] {
    try WarningLog.read(folder[run].appendingPathComponent(WarningLog.fileName))
  }

  @Test func warningsAreToldAndWrittenOnce() throws {
    let run = try CycleGANRun.start(configuration, in: folder["run"])
    var told: [TrainingWarning] = []
    run.onWarning = { told.append($0) }
    try run.train()
    let samples = told.filter { $0.finding == .identityGenerator }
    #expect(samples.map(\.part) == ["clean-to-defect", "defect-to-clean"])
    // A fifth of 220 steps are 44; samples are drawn after 50.
    #expect(samples.allSatisfy { $0.step == 50 && $0.event == .begins })
    let certain = told.filter { $0.finding == .certainDiscriminator }
    #expect(Set(certain.map(\.part)) == ["clean", "defect"] && certain.allSatisfy { $0.event == .begins })
    let written = try warnings("run")
    #expect(written.map(\.finding) == told.map(\.finding) && written.map(\.step) == told.map(\.step))
    #expect(try text("run").hasPrefix("step,since,event,finding,part,value\n50,50,begins,identity-generator,"))
  }

  /// Killed before the first checkpoint, in between, and after a warning that no checkpoint has seen.
  @Test func aKilledRunEndsWithTheSameWarnings() throws {
    let kills = [15, 53, 139]
    let whole = try CycleGANRun.start(configuration, in: folder["whole"])
    // What stands on the disk at that moment is what a killed process would leave.
    try whole.train(onStep: { step, _ in
      guard kills.contains(step) else { return }
      try? FileManager.default.copyItem(at: folder["whole"], to: folder["killed-\(step)"])
    })
    #expect(try warnings("whole").count == 4)
    for step in kills {
      let run = try CycleGANRun.resume(folder["killed-\(step)"])
      #expect(run.trainer.step == step / 20 * 20)
      var told: [TrainingWarning] = []
      run.onWarning = { told.append($0) }
      try run.train()
      for file in [WarningLog.fileName, "losses.csv"] {
        #expect(try text("killed-\(step)", file) == text("whole", file), "\(file), killed in step \(step)")
      }
      #expect(
        try Data(contentsOf: folder["killed-\(step)/weights.safetensors"])
          == Data(contentsOf: folder["whole/weights.safetensors"]))
      // Nothing is told twice that a checkpoint has seen.
      let seen = step / 20 * 20
      #expect(try told.map(\.step) == warnings("whole").map(\.step).filter { $0 > seen })
    }
  }

  /// A run that an earlier version began has no such file: its losses tell what would have been said.
  @Test func aRunWithoutTheFileGetsWhatItsLossesSay() throws {
    let whole = try CycleGANRun.start(configuration, in: folder["whole"])
    try whole.train(onStep: { step, _ in
      guard step == 215 else { return }
      try? FileManager.default.copyItem(at: folder["whole"], to: folder["old"])
    })
    try FileManager.default.removeItem(at: folder["old"].appendingPathComponent(WarningLog.fileName))
    try CycleGANRun.resume(folder["old"]).train()
    let expected = try warnings("whole").filter { !$0.finding.isOfSamples }
    #expect(try !expected.isEmpty && warnings("old").filter { !$0.finding.isOfSamples } == expected)
  }

  @Test func damagedWarningsAreRefusedWithTheirLine() throws {
    try folder.write("step,since,event,finding,part,value\n1,1,begins,gremlins,a,0\n", WarningLog.fileName)
    let error = #expect(throws: InputError.self) { try WarningLog.read(folder[WarningLog.fileName]) }
    #expect(error?.place.hasSuffix("warnings.csv:2") == true)
  }

  // MARK: No finite number

  /// A rate that no network survives.
  @Test func aRunThatExplodesAtOnceSaysThatNothingIsKept() throws {
    var settings = configuration
    settings.learningRate = 1e19
    let run = try CycleGANRun.start(settings, in: folder["run"])
    var last = 0
    let error = #expect(throws: TorchError.self) { try run.train(onStep: { step, _ in last = step }) }
    let text = error?.description ?? ""
    #expect(text.contains("in step \(last + 1),") && text.contains("No checkpoint") && text.contains("--learning-rate"))
    #expect(try warnings("run").last?.finding == .notFinite)
    #expect(try text.contains(folder["run"].path) && CheckpointFolder(run.folder.checkpoints).steps().isEmpty)
  }

  /// The step is named, the checkpoint before it kept, and the run's folder knows.
  @Test(arguments: [false, true]) func aLossThatIsNoNumberNamesTheStepAndTheCheckpoint(isCUT: Bool) throws {
    func check<Trainer>(
      _ run: TranslatorRun<Trainer>, _ generator: any Module
    ) throws {
      var told: [TrainingWarning] = []
      run.onWarning = { told.append($0) }
      let error = #expect(throws: TorchError.self) {
        try run.train(onStep: { step, _ in if step == 9 { breakWeights(of: generator) } })
      }
      let text = error?.description ?? ""
      #expect(
        text.contains("became nan in step 10,") && text.contains("checkpoints/step-00000008.safetensors"), "\(text)")
      #expect(told.last?.finding == .notFinite && told.last?.step == 10)
      #expect(try warnings("run").last?.finding == .notFinite)
      let checkpoints = CheckpointFolder(run.folder.checkpoints)
      #expect(try checkpoints.steps() == [4, 8])
      #expect(try checkpoints.latest()?.hasFiniteWeights == true)
    }
    if isCUT {
      var settings = CUTConfiguration(
        source: configuration.source, imagesHash: configuration.imagesHash, transform: configuration.transform,
        threads: 1)
      (settings.filters, settings.discriminatorFilters, settings.blocks, settings.loss.patches) = (4, 4, 5, 16)
      (settings.length, settings.checkpointInterval) = (.steps(20), 4)
      let run = try CUTRun.start(settings, in: folder["run"])
      try check(run, run.trainer.model.cleanToDefect)
    } else {
      var settings = configuration
      settings.checkpointInterval = 4
      let run = try CycleGANRun.start(settings, in: folder["run"])
      try check(run, run.trainer.model.cleanToDefect)
    }
    // It goes on where it was good.
    if !isCUT { #expect(try CycleGANRun.resume(folder["run"]).trainer.step == 8) }
  }

  private func breakWeights(of module: any Module) {
    try? withoutGradients { try module.namedParameters()[0].parameter.tensor.fill(.nan) }
  }

  /// A weight may break in a step whose losses were fine: no checkpoint is made of it.
  @Test func aBrokenWeightReachesNoCheckpoint() throws {
    var settings = configuration
    settings.checkpointInterval = 5
    let run = try CycleGANRun.start(settings, in: folder["run"])
    let error = #expect(throws: TorchError.self) {
      try run.train(onStep: { step, _ in
        if step == 10 { breakWeights(of: run.trainer.model.cleanToDefect) }
      })
    }
    #expect(error?.description.contains("a weight became nan in step 10") == true)
    #expect(error?.description.contains("checkpoints/step-00000005.safetensors") == true)
    #expect(try CheckpointFolder(run.folder.checkpoints).steps() == [5])
    #expect(try CheckpointFolder(run.folder.checkpoints).latest()?.hasFiniteWeights == true)
  }
}
