import Layers
import Optimizers
import Randomness
import TestSupport
import Testing
import Torch

@testable import Models

/// Three whole steps of CUT and FastCUT against PyTorch: features, PatchNCE per layer, losses, gradients, weights.
struct CUTGoldenTests {
  static let cases = ["cut", "fastcut"]

  /// A model that stands where the golden steps begin, and everything that they are given.
  struct Start {
    let golden: GoldenCase
    let type: DataType
    let model: CUT
    let loss: CUTLoss
    let clean: Tensor
    let defect: Tensor
    let mirrored: [Bool]

    init(_ name: String, _ type: DataType) throws {
      golden = try Goldens("cut")(name)
      self.type = type
      model = try CUT(
        channels: #require(try golden.integer("channels")), filters: #require(try golden.integer("ngf")),
        blocks: #require(try golden.integer("blocks")), discriminatorFilters: #require(try golden.integer("ndf")),
        antialiasing: golden.text("antialiasing") == "true",
        headWidth: #require(try golden.integer("head")),
        generator: Generator(seed: 0))
      #expect(try model.layers == golden.integers("layers"))
      let recipe: CUTRecipe = name == "cut" ? .cut : .fastCUT
      loss = recipe.loss
      #expect(loss.contrast == (try golden.number("lambda_NCE")))
      #expect(loss.identity == (try golden.flag("identity")))
      #expect(loss.temperature == (try golden.number("temperature")))
      #expect(recipe.learningRate == (try golden.number("lr")))
      #expect(try [recipe.beta1, recipe.beta2] == golden.numbers("betas"))
      mirrored = try golden.text("mirrored").split(separator: ",").map { $0 == "true" }
      #expect(loss.mirroring == mirrored.contains(true))
      try model.move(to: .cpu, type: type)
      clean = try golden.tensor("real_A").converted(to: type)
      defect = try golden.tensor("real_B").converted(to: type)
      for (network, module) in networks { try module.load(golden.tensors("parameter.\(network).")) }
    }

    var networks: [(String, any Module)] {
      [("G", model.cleanToDefect), ("F", model.patchHeads), ("D", model.defectDiscriminator)]
    }

    func draw(_ step: Int) throws -> CUTDraw {
      func patches(_ domain: String) throws -> [Tensor] {
        try model.layers.indices.map { try golden.tensor("patches.\(step).\(domain).\($0)").converted(to: .int64) }
      }
      return CUTDraw(
        mirrored: mirrored[step], patches: try patches("A"), identityPatches: loss.identity ? try patches("B") : [])
    }
  }

  /// What PyTorch computed in float64, element by element to what float32 can write of it.
  @Test(arguments: cases) func threeStepsArePyTorchs(name: String) throws {
    let start = try Start(name, .float64)
    let (golden, model, loss) = (start.golden, start.model, start.loss)
    let tolerance = 1e-6

    let features = try model.cleanToDefect.features(of: start.clean, at: model.layers)
    let vectors = try model.patchHeads(features, at: start.draw(0).patches)
    for layer in model.layers.indices {
      try expectClose(features[layer], golden.tensor("feature.\(layer)"), relative: tolerance, "feature \(layer)")
      try expectClose(vectors[layer], golden.tensor("vector.\(layer)"), relative: tolerance, "vector \(layer)")
    }

    func adam(_ module: some Module) throws -> Adam {
      Adam(try NamedParameters(module), learningRate: 2e-4, beta1: 0.5, beta2: 0.999)
    }
    let (heads, generator) = (try adam(model.patchHeads), try adam(model.cleanToDefect))
    let discriminator = try adam(model.defectDiscriminator)
    var found: [String: [Double]] = [:]
    for step in 0..<3 {
      let pass = try loss.pass(model, clean: start.clean, defect: start.defect, start.draw(step))
      let judged = try loss.discriminator(model.defectDiscriminator, real: start.defect, fake: pass.fakeDefect)
      try discriminator.zeroGradients()
      try judged.backward()
      try discriminator.step()

      try model.defectDiscriminator.setRequiresGradient(false)
      let terms = try loss.translator(model, pass)
      let queries = try withoutGradients { try loss.queries(model, pass) }
      for optimizer in [generator, heads] { try optimizer.zeroGradients() }
      try terms.total.backward()
      try model.defectDiscriminator.setRequiresGradient(true)

      if step == 0 {
        try expectClose(pass.fakeDefect, golden.tensor("fake_B"), relative: tolerance, "fake_B")
        let count = start.clean.shape[0]
        func compareLayers(_ images: Range<Int>, _ patches: [Tensor], _ key: String) throws {
          let layers = try withoutGradients {
            try loss.layerLosses(model, queries, pass.keys, images: images, at: patches)
          }
          try expectClose(.stacked(layers), golden.tensor(key), relative: tolerance, key)
        }
        try compareLayers(0..<count, start.draw(0).patches, "nce")
        if let same = pass.sameDefect {
          try expectClose(same, golden.tensor("idt_B"), relative: tolerance, "idt_B")
          try compareLayers(count..<2 * count, start.draw(0).identityPatches, "nce_Y")
        }
        for (network, module) in start.networks {
          for (key, parameter) in try module.namedParameters() {
            let gradient = try #require(try parameter.tensor.gradient(), "\(network).\(key) has no gradient")
            let expected = try golden.tensor("gradient.\(network).\(key)")
            if try expected.abs().max().item() < 1e-12 {
              // A bias that an instance norm takes out again: nothing but rounding.
              #expect(try gradient.abs().max().item() < 1e-12, "gradient \(network).\(key)")
            } else {
              try expectClose(gradient, expected, relative: tolerance, "gradient \(network).\(key)")
            }
          }
        }
      }
      for optimizer in [generator, heads] { try optimizer.step() }
      for (key, value) in [
        ("D", judged), ("G_GAN", terms.adversarial), ("NCE", terms.nce), ("NCE_Y", terms.nceIdentity),
        ("G", terms.total),
      ] { if let value { found[key, default: []].append(try value.item()) } }
    }
    for (key, values) in found {
      try expectClose(Tensor(values), golden.tensor("trajectory.\(key)"), relative: tolerance, "loss \(key)")
    }
    for (network, module) in start.networks {
      for (key, parameter) in try module.namedParameters() {
        // A step is 2e-4 wide at most, so a weight alone would be close without having moved.
        let before = try golden.tensor("parameter.\(network).\(key)").converted(to: .float64)
        let moved = try parameter.tensor.detached() - before
        let expected = try golden.tensor("after.\(network).\(key)").converted(to: .float64) - before
        #expect(try (moved - expected).abs().max().item() < 2e-7, "after \(network).\(key)")
      }
    }
    _ = try (golden.number("eps"), golden.integer("batch"), golden.integer("patches"))
    #expect(golden.leftovers.isEmpty, "\(golden.leftovers)")
  }

  /// The same first step as it is trained, in float32.
  @Test(arguments: cases) func float32IsNear(name: String) throws {
    let start = try Start(name, .float32)
    let (golden, model, loss) = (start.golden, start.model, start.loss)
    let pass = try loss.pass(model, clean: start.clean, defect: start.defect, start.draw(0))
    try expectClose(pass.fakeDefect, golden.tensor("fake_B"), relative: 1e-4, "fake_B")
    let judged = try loss.discriminator(model.defectDiscriminator, real: start.defect, fake: pass.fakeDefect)
    let expected = try golden.tensor("trajectory.D").selected(0, 0).item()
    #expect(abs(try judged.item() - expected) < 1e-4 * expected)
    let terms = try loss.translator(model, pass)
    for (key, value) in [("NCE", terms.nce), ("NCE_Y", terms.nceIdentity)] {
      guard let value else { continue }
      let expected = try golden.tensor("trajectory.\(key)").selected(0, 0).item()
      #expect(abs(try value.item() - expected) < 1e-4 * expected, "\(key)")
    }
  }

  /// In mixed precision the heads and similarities keep float32's digits, so PatchNCE stays near.
  @Test(arguments: cases) func mixedPrecisionIsNear(name: String) throws {
    let start = try Start(name, .float32)
    let (golden, model, loss) = (start.golden, start.model, start.loss)
    let terms = try withAutocast(.bfloat16, on: .cpu) {
      let pass = try loss.pass(model, clean: start.clean, defect: start.defect, start.draw(0))
      return try loss.translator(model, pass)
    }
    try terms.total.backward()
    let expected = try golden.tensor("trajectory.NCE").selected(0, 0).item()
    let value = try terms.nce.item()
    #expect(value != expected && abs(value - expected) < 0.05 * expected, "\(value), expected \(expected)")
    #expect(terms.nce.type == .float32)
    // A weight that was cast without a graph would learn nothing from the passes behind.
    for (network, module) in start.networks.prefix(2) {
      for (key, parameter) in try module.namedParameters() where key.hasSuffix("weight") {
        let gradient = try #require(try parameter.tensor.gradient(), "\(network).\(key)")
        #expect(try gradient.isFinite().all().item() == 1 && gradient.abs().max().item() > 0, "\(network).\(key)")
      }
    }
  }

  /// Networks wide enough for Patina's own kernels, against float64, which they leave to libtorch.
  @Test(arguments: [true, false], [true, false]) func wideNetworksAgreeWithFloat64(
    antialiasing: Bool, mirrored: Bool
  ) throws {
    let random = try Generator(seed: 6)
    func model(_ type: DataType) throws -> CUT {
      let model = try CUT(
        channels: 1, filters: 8, blocks: 5, discriminatorFilters: 8, antialiasing: antialiasing, headWidth: 16,
        generator: Generator(seed: 7))
      let wide = try Generator(seed: 8)
      for parameter in try model.parameters() {
        let shape = parameter.tensor.shape
        let fan = Double(max(1, shape.dropFirst().reduce(1, *)))
        let deviation = shape.count > 1 ? 1.2 / fan.squareRoot() : 0.1
        try withoutGradients { try parameter.tensor.fillNormal(standardDeviation: deviation, generator: wide) }
      }
      try model.move(to: .cpu, type: type)
      return model
    }
    let clean = try Tensor.normal([1, 1, 32, 32], generator: random).tanh()
    let defect = try Tensor.normal([1, 1, 32, 32], generator: random).tanh()
    var chance = SeededGenerator(seed: 9)
    let loss = CUTLoss.cut
    let drawn = try CUTDraw(for: loss, model(.float32), height: 32, width: 32, using: &chance)
    let draw = CUTDraw(mirrored: mirrored, patches: drawn.patches, identityPatches: drawn.identityPatches)
    func gradients(_ type: DataType) throws -> (total: Double, [(name: String, gradient: Tensor)]) {
      let model = try model(type)
      let (clean, defect) = (try clean.converted(to: type), try defect.converted(to: type))
      let terms = try loss.translator(model, loss.pass(model, clean: clean, defect: defect, draw))
      try terms.total.backward()
      let found = try (model.cleanToDefect.namedParameters() + model.patchHeads.namedParameters()).map {
        ($0.name, try #require(try $0.parameter.tensor.gradient(), "\($0.name)").converted(to: .float64))
      }
      return (try terms.total.item(), found)
    }
    let (total, found) = try gradients(.float32)
    let (expectedTotal, expected) = try gradients(.float64)
    #expect(abs(total - expectedTotal) < 1e-4 * expectedTotal)
    let largest = try expected.map { try $0.gradient.norm().item() }.max() ?? 0
    for ((name, gradient), (_, expected)) in zip(found, expected) {
      // Single ReLUs tip over, which a network this small feels; what is wrong is wrong by much more.
      let off = try (gradient - expected).norm().item()
      #expect(try off < 0.03 * expected.norm().item() + 1e-5 * largest, "\(name)")
    }
  }
}
