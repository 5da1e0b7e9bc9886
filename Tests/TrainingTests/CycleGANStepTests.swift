import Datasets
import Foundation
import Layers
import Models
import TestFolders
import TestSupport
import Testing
import Torch

@testable import Training

/// One whole step of the trainer against PyTorch: losses, pictures, gradients of every parameter, weights afterwards.
struct CycleGANStepTests {
  static let networks = ["G_A", "G_B", "D_A", "D_B"]

  /// A trainer that stands where the golden step begins.
  private func trainer(
    _ golden: GoldenCase, _ execution: TrainingExecution? = nil
  ) throws -> CycleGANTrainer {
    var configuration = CycleGANConfiguration(
      source: .folders(a: "", b: ""), imagesHash: "",
      transform: ImageTransform(size: 64, loadSize: nil, channels: try #require(try golden.integer("channels"))),
      threads: 1)
    configuration.filters = try #require(try golden.integer("ngf"))
    configuration.discriminatorFilters = try #require(try golden.integer("ndf"))
    configuration.blocks = try #require(try golden.integer("blocks"))
    configuration.batchSize = try #require(try golden.integer("batch"))
    if let classes = try golden.integer("classes") {
      configuration.source = .classes(path: "", clean: "clean", defects: (0..<classes).map { "defect \($0)" })
      configuration.masks = MaskSettings(masksHash: "")
    }
    #expect(configuration.learningRate == (try golden.number("lr")))
    #expect(try [configuration.beta1, configuration.beta2] == golden.numbers("betas"))
    #expect(configuration.loss.cleanCycle == (try golden.number("lambda_A")))
    #expect(configuration.loss.defectCycle == (try golden.number("lambda_B")))
    #expect(configuration.loss.identity == (try golden.number("identity")))
    let trainer = try CycleGANTrainer(configuration, execution: execution)
    for (network, module) in modules(trainer) { try module.load(golden.tensors("parameter.\(network).")) }
    return trainer
  }

  /// As on CUDA: channels innermost, nothing waits for a loss.
  private static var deferred: TrainingExecution {
    var execution = TrainingExecution(on: .cpu)
    (execution.channelsLast, execution.defersChecks) = (true, true)
    return execution
  }

  private static func golden(_ name: String) throws -> GoldenCase {
    try Goldens(name == "masked" ? "masked" : "cyclegan")(name)
  }

  private func masks(_ golden: GoldenCase) throws -> DefectMasks? {
    guard try golden.integer("classes") != nil else { return nil }
    return DefectMasks(
      clean: try DefectMask(golden.tensor("mask_A")), defect: try DefectMask(golden.tensor("mask_B")))
  }

  private func modules(_ trainer: CycleGANTrainer) -> [(String, any Module)] {
    let model = trainer.model
    return [
      ("G_A", model.cleanToDefect), ("G_B", model.defectToClean), ("D_A", model.defectDiscriminator),
      ("D_B", model.cleanDiscriminator),
    ]
  }

  @Test(arguments: ["rgb", "gray", "masked"], [false, true])
  func isPyTorchs(name: String, deferred: Bool) throws {
    let golden = try Self.golden(name)
    let masks = try masks(golden)
    let trainer = try trainer(golden, deferred ? Self.deferred : nil)
    let (clean, defect) = (try golden.tensor("real_A"), try golden.tensor("real_B"))
    // Patina's own kernels round otherwise (1e-6 a layer, and each norm divides by the spread of 16 channels or fewer here),
    // so that in these small networks some ReLUs tip over: pictures hardly feel it, single gradients do.
    let own = try Kernels.chosen() != .libtorch
    let tolerance = deferred ? 1e-2 : 1e-3

    // The pictures first: they do not depend on the step.
    let made = try withoutGradients {
      try trainer.configuration.loss.generators(trainer.model, clean: clean, defect: defect, masks: masks)
    }
    for (tensor, key) in [
      (made.fakeDefect, "fake_B"), (made.fakeClean, "fake_A"), (made.recoveredClean, "recovered_A"),
      (made.recoveredDefect, "recovered_B"),
    ] { try expectClose(tensor, golden.tensor(key), relative: own ? 1e-3 : 1e-4, key) }

    let losses = try trainer.train(clean: clean, defect: defect, masks: masks, rateFactor: 1).read()
    for (value, key) in [
      (losses.adversarialDefect, "G_A"), (losses.adversarialClean, "G_B"), (losses.cycleClean, "cycle_A"),
      (losses.cycleDefect, "cycle_B"), (losses.identityDefect, "idt_A"), (losses.identityClean, "idt_B"),
      (losses.discriminatorDefect, "D_A"), (losses.discriminatorClean, "D_B"),
    ] {
      let expected = try golden.tensor("loss.\(key)").item()
      #expect(abs(value - expected) <= 1e-4 * abs(expected), "loss \(key): \(value), expected \(expected)")
    }

    for (network, module) in modules(trainer) {
      let dead = Set(try golden.text("dead_biases.\(network)").split(separator: ",").map(String.init))
      for (key, parameter) in try module.namedParameters() {
        let gradient = try #require(try parameter.tensor.gradient(), "\(network).\(key) has no gradient")
        let expected = try golden.tensor("gradient.\(network).\(key)")
        let after = try golden.tensor("after.\(network).\(key)")
        let moved = try (parameter.tensor.detached() - after).abs()
        if dead.contains(key) {
          // In front of an instance norm: nothing but rounding, which Adam turns into up to one rate either way.
          #expect(try gradient.abs().max().item() < 1e-5, "\(network).\(key)")
          #expect(try moved.max().item() < 4.1e-4, "\(network).\(key)")
        } else {
          // Other layouts are summed in another order, and here and there a ReLU or a sign tips over.
          if own {
            // One pixel whose sign of the cycle loss tips over moves every gradient of a network this small by per cents.
            let off = try (gradient - expected).squared().sum().item() / expected.squared().sum().item()
            #expect(off.squareRoot() <= 5e-2, "gradient \(network).\(key) is off by \(off.squareRoot())")
          } else {
            try expectClose(gradient, expected, relative: tolerance, "gradient \(network).\(key)")
          }
          // Adam's first step is rate · sign of the gradient: it can be compared where the gradient is not rounding.
          let clear = try expected.abs().greater(own ? max(1e-4, expected.abs().mean().item() * 0.2) : 1e-4)
          let worst = try moved * clear.converted(to: .float32)
          #expect(try worst.max().item() < 2e-6, "after \(network).\(key)")
        }
      }
    }
  }

  /// Four steps in a row show what one cannot: betas, and gradients that are not cleared.
  @Test(arguments: ["rgb", "gray", "masked"])
  func fourStepsFollowPyTorch(name: String) throws {
    let golden = try Self.golden(name)
    let masks = try masks(golden)
    let trainer = try trainer(golden)
    let (clean, defect) = (try golden.tensor("real_A"), try golden.tensor("real_B"))
    let keys = ["G_A", "G_B", "cycle_A", "cycle_B", "idt_A", "idt_B", "D_A", "D_B"]
    let expected = try keys.map { try golden.tensor("trajectory.\($0)").elements(as: Double.self) }
    for step in 0..<4 {
      let losses = try trainer.train(clean: clean, defect: defect, masks: masks, rateFactor: 1).read().values
      for (index, key) in keys.enumerated() {
        let target = expected[index][step]
        // Rounding grows from step to step, because Adam normalises it: 1e-6 at first, 1e-3 in the fourth.
        #expect(abs(losses[index] - target) <= 1e-2 * abs(target), "\(key) in step \(step + 1)")
      }
    }
  }

  @Test func everyParameterMoves() throws {
    let golden = try Goldens("cyclegan")("rgb")
    let trainer = try trainer(golden)
    let before = try trainer.model.stateDictionary().mapValues { try $0.cloned() }
    for _ in 0..<2 {
      try trainer.train(clean: golden.tensor("real_A"), defect: golden.tensor("real_B"), rateFactor: 1)
    }
    for (name, tensor) in try trainer.model.stateDictionary() where name.hasSuffix("weight") {
      let change = try (tensor - #require(before[name])).abs().max().item()
      #expect(change > 1e-5, "\(name) never moved")
    }
  }

  /// In bfloat16 the losses stay near those of float32, weights stay float32, and a checkpoint continues exactly.
  @Test func bfloat16TrainsAndResumes() throws {
    let golden = try Goldens("cyclegan")("gray")
    let (clean, defect) = (try golden.tensor("real_A"), try golden.tensor("real_B"))
    func trainer() throws -> CycleGANTrainer {
      var configuration = try self.trainer(golden).configuration
      configuration.precision = .bfloat16
      configuration.poolSize = 2
      let trainer = try CycleGANTrainer(configuration)
      for (network, module) in modules(trainer) { try module.load(golden.tensors("parameter.\(network).")) }
      return trainer
    }
    let first = try trainer()
    let losses = try first.train(clean: clean, defect: defect, rateFactor: 1).read()
    let expected = try ["G_A", "G_B", "cycle_A", "cycle_B", "idt_A", "idt_B", "D_A", "D_B"]
      .map { try golden.tensor("loss.\($0)").item() }
    for (value, target) in zip(losses.values, expected) { #expect(abs(value - target) < 0.05 * target) }
    #expect(losses.values != expected)
    #expect(try first.model.stateDictionary().values.allSatisfy { $0.type == .float32 })

    let folder = try TemporaryFolder()
    let file = folder["checkpoint.safetensors"]
    try first.checkpoint().write(to: file)
    let second = try trainer()
    try second.restore(Checkpoint(contentsOf: file))
    for _ in 0..<2 {
      let continued = try second.train(clean: clean, defect: defect, rateFactor: 1).read()
      #expect(try first.train(clean: clean, defect: defect, rateFactor: 1).read() == continued)
    }
  }

  @Test func aLossThatIsNoNumberStopsBeforeAnyWeight() throws {
    let golden = try Goldens("cyclegan")("rgb")
    let trainer = try trainer(golden)
    let before = try trainer.model.stateDictionary().mapValues { try $0.floats() }
    let broken = try golden.tensor("real_A") * Double.nan
    let error = #expect(throws: NonFiniteLoss.self) {
      try trainer.train(clean: broken, defect: golden.tensor("real_B"), rateFactor: 1)
    }
    #expect(error?.description.contains("step 1") == true)
    for (name, tensor) in try trainer.model.stateDictionary() { #expect(try tensor.floats() == before[name]) }
  }

  /// Where nothing waits, the device keeps the weights as they are from the broken loss on, and whoever looks is told.
  @Test func aDeferredLossThatIsNoNumberReachesNoWeight() throws {
    let golden = try Goldens("cyclegan")("rgb")
    let (clean, defect) = (try golden.tensor("real_A"), try golden.tensor("real_B"))
    let trainer = try trainer(golden, Self.deferred)
    _ = try trainer.train(clean: clean, defect: defect, rateFactor: 1).read()
    let before = try trainer.checkpoint()
    let weights = try before.tensors.mapValues { try $0.bytes() }

    let broken = try trainer.train(clean: clean * Double.nan, defect: defect, rateFactor: 1)
    let after = try trainer.train(clean: clean, defect: defect, rateFactor: 1)
    let error = #expect(throws: NonFiniteLoss.self) { try broken.read() }
    #expect(error?.description.contains("generators became nan in step 2") == true)
    // The next step's own losses are fine, and still it changes nothing.
    #expect(try after.read().values.allSatisfy(\.isFinite))
    for (name, tensor) in try trainer.model.stateDictionary() {
      #expect(try tensor.bytes() == weights["model.\(name)"], "\(name)")
    }
    #expect(throws: TorchError.self) { try trainer.checkpoint() }

    try trainer.restore(before)
    _ = try trainer.train(clean: clean, defect: defect, rateFactor: 1).read()
    let moved = try trainer.checkpoint().tensors
    #expect(try moved.contains { name, tensor in try tensor.bytes() != weights[name] })
  }

  /// Reading late changes neither losses nor weights.
  @Test func deferredStepsAreTheSameSteps() throws {
    let golden = try Goldens("cyclegan")("gray")
    var execution = TrainingExecution(on: .cpu)
    execution.defersChecks = true
    let (now, later) = (try trainer(golden), try trainer(golden, execution))
    let (clean, defect) = (try golden.tensor("real_A"), try golden.tensor("real_B"))
    let expected = try (0..<3).map { _ in try now.train(clean: clean, defect: defect, rateFactor: 1).read() }
    let pending = try (0..<3).map { _ in try later.train(clean: clean, defect: defect, rateFactor: 1) }
    #expect(pending.map(\.step) == [1, 2, 3])
    #expect(try pending.map { try $0.read() } == expected)
    let (a, b) = (try now.checkpoint(), try later.checkpoint())
    #expect(try a.tensors.mapValues { try $0.bytes() } == b.tensors.mapValues { try $0.bytes() })
  }
}
