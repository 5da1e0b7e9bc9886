import Datasets
import Files
import Foundation
import Models
import TestFolders
import Testing
import Torch

@testable import Training

/// Runs of CUT and FastCUT: they learn, and go on where they were stopped.
struct CUTRunTests {
  private let folder: TemporaryFolder
  private let dataset: Dataset

  init() throws {
    folder = try TemporaryFolder()
    dataset = try folder.dataset()
  }

  private func configuration(_ recipe: CUTRecipe, steps: Int) throws -> CUTConfiguration {
    let source = TrainingSource.dataset(path: dataset.folder.path, clean: "clean", defect: "bright")
    var result = CUTConfiguration(
      source: source, imagesHash: try UnpairedImages(source).hash,
      transform: ImageTransform(size: 32, loadSize: 36, channels: 1), threads: 1, recipe: recipe)
    (result.filters, result.discriminatorFilters, result.blocks) = (4, 4, 5)
    result.loss.patches = 32
    result.length = .steps(steps)
    (result.checkpointInterval, result.sampleInterval) = (3, 100)
    return result
  }

  @Test(arguments: ["cut", "fast"]) func aStoppedRunEndsWithTheSameWeights(name: String) throws {
    let configuration = try configuration(name == "cut" ? .cut : .fastCUT, steps: 7)
    try CUTRun.start(configuration, in: folder["whole"]).train()
    do {
      let run = try CUTRun.start(configuration, in: folder["stopped"])
      try run.train(shouldStop: { run.trainer.step == 4 })
      #expect(run.trainer.step == 4)
    }
    #expect(try CUTRun.resume(folder["stopped"]).train())
    for file in [RunWeights.finalName, "losses.csv"] {
      #expect(
        try Data(contentsOf: folder["whole"].appendingPathComponent(file))
          == Data(contentsOf: folder["stopped"].appendingPathComponent(file)), "\(file)")
    }
  }

  /// Every network moves, and the losses are those of `CUTLoss`: with the identity loss where the recipe has it.
  @Test(arguments: [true, false]) func everyNetworkLearns(identity: Bool) throws {
    let run = try CUTRun.start(configuration(identity ? .cut : .fastCUT, steps: 2), in: folder["run"])
    let before = try run.trainer.weights().mapValues { try $0.cloned() }
    var losses: [CUTLosses] = []
    try run.train(onStep: { losses.append($1) })
    for (name, tensor) in try run.trainer.weights() where name.hasSuffix("weight") {
      #expect(try (tensor - #require(before[name])).abs().max().item() > 1e-6, "\(name) never moved")
    }
    #expect(losses.count == 2 && losses.allSatisfy { $0.adversarial > 0 && $0.contrast > 0 && $0.discriminator > 0 })
    #expect(losses.allSatisfy { ($0.identityContrast > 0) == identity })
    // After the step the discriminator learns again.
    #expect(
      try run.trainer.model.defectDiscriminator.namedParameters().allSatisfy { $0.parameter.tensor.requiresGradient })
  }

  @Test func aLossThatIsNoNumberStopsBeforeAnyWeight() throws {
    let trainer = try CUTTrainer(configuration(.cut, steps: 2))
    let before = try trainer.weights().mapValues { try $0.elements(as: Float.self) }
    let clean = try Tensor.full([1, 1, 32, 32], Double.nan)
    #expect(throws: NonFiniteLoss.self) {
      try trainer.train(clean: clean, defect: .zeros([1, 1, 32, 32]), rateFactor: 1)
    }
    #expect(try trainer.weights().mapValues { try $0.elements(as: Float.self) } == before)
  }

  @Test func settingsOutOfRangeAreRefused() throws {
    var broken = try configuration(.cut, steps: 2)
    broken.blocks = 4
    #expect(throws: InputError.self) { try broken.check() }
    broken = try configuration(.cut, steps: 2)
    broken.loss.temperature = 0
    #expect(throws: InputError.self) { try broken.check() }
    broken = try configuration(.cut, steps: 2)
    broken.source = .classes(path: "", clean: "clean", defects: ["bright"])
    #expect(throws: InputError.self) { try broken.check() }
  }
}
