import Foundation
import Layers
import Randomness
import TestSupport
import Testing
import Torch

@testable import Models

struct CUTModelTests {
  /// As PyTorch counts networks that are written from the paper (Tests/Goldens/make_goldens.py).
  @Test(
    arguments: [
      (3, 11_378_179, 560_384, 2_764_737), (1, 11_365_633, 559_872, 2_762_689),
    ], [true, false])
  func publishedNetworksHaveTheirCounts(counts: (Int, Int, Int, Int), antialiasing: Bool) throws {
    let (channels, translator, heads, discriminator) = counts
    let model = try CUT(channels: channels, antialiasing: antialiasing, generator: Generator(seed: 0))
    #expect(try model.cleanToDefect.parameterCount() == translator)
    #expect(try model.patchHeads.parameterCount() == heads)
    #expect(try model.defectDiscriminator.parameterCount() == discriminator)
    #expect(try model.parameterCount() == translator + heads + discriminator)
  }

  @Test func stateNamesAreThoseOfPublishedCheckpoints() throws {
    let model = try CUT(filters: 2, discriminatorFilters: 2, headWidth: 4, generator: Generator(seed: 0))
    let generator = try model.cleanToDefect.stateDictionary()
    for name in [
      "model.1.weight", "model.4.bias", "model.7.filt", "model.8.weight", "model.11.filt",
      "model.12.conv_block.1.weight", "model.20.conv_block.5.bias", "model.22.weight", "model.26.weight",
      "model.30.bias",
    ] { #expect(generator[name] != nil, "\(name)") }
    #expect(generator["model.7.filt"]?.shape == [4, 1, 3, 3])
    let heads = try model.patchHeads.stateDictionary().keys
    let names = (0..<5).flatMap { head in
      ["0", "2"].flatMap { ["mlp_\(head).\($0).weight", "mlp_\(head).\($0).bias"] }
    }
    #expect(Set(heads) == Set(names))
    let patch = try model.defectDiscriminator.stateDictionary().keys
    let convolutions = [0, 3, 7, 11, 14].flatMap { ["model.\($0).weight", "model.\($0).bias"] }
    #expect(Set(patch) == Set(convolutions + ["model.2.filt", "model.6.filt", "model.10.filt"]))
  }

  @Test(arguments: [(256, 256), (64, 96)]) func antialiasedScoresHaveTheSameShape(height: Int, width: Int) throws {
    let network = try PatchDiscriminator(inputs: 1, filters: 2, antialiasing: true, generator: Generator(seed: 0))
    #expect(try network(Tensor.zeros([1, 1, height, width])).shape == [1, 1, height / 8 - 2, width / 8 - 2])
  }

  @Test func weightsStartAsPublished() throws {
    let model = try CUT(channels: 1, filters: 32, blocks: 5, discriminatorFilters: 16, generator: Generator(seed: 3))
    for (name, parameter) in try model.namedParameters() {
      let (values, shape) = (parameter.tensor, parameter.tensor.shape)
      if name.hasSuffix("bias") {
        #expect(try values.abs().max().item() == 0, "\(name)")
      } else if values.count > 2000 {
        let field = shape.dropFirst(2).reduce(1, *)
        let expected = 0.02 * (2 / Double((shape[0] + shape[1]) * field)).squareRoot()
        #expect(abs(try values.variance().sqrt().item() / expected - 1) < 0.1, "\(name)")
        #expect(try values.abs().max().item() > 2.5 * expected, "\(name) is not normal")
      }
    }
  }

  /// A convolution in front of a norm loses its bias in a picture's pass, but not where its output is compared.
  @Test(arguments: [true, false]) func featuresAreWhatEachLayerGivesAlone(antialiasing: Bool) throws {
    let random = try Generator(seed: 4)
    // 64 channels in the blocks: wide enough for Patina's own kernels.
    let network = try ResNetGenerator(
      inputs: 3, filters: 16, blocks: 5, antialiasing: antialiasing, generator: random)
    for (name, parameter) in try network.namedParameters() where name.hasSuffix("bias") {
      try withoutGradients { try parameter.tensor.fillNormal(generator: random) }
    }
    let input = try Tensor.normal([2, 3, 32, 24], generator: random)
    let places = CUT.publishedLayers(antialiasing: antialiasing)
    let shapes = try network.featureShapes(at: places, height: 32, width: 24)
    try withoutGradients {
      let (picture, tapped) = try network(input, tapping: places)
      let alone = try network.features(of: input, at: places)
      try expectClose(picture, network(input), relative: 1e-4, "picture")
      var output = input
      for (place, layer) in network.model.layers.prefix(network.encoderLayers).enumerated() {
        output = try layer(output)
        guard let index = places.firstIndex(of: place) else { continue }
        try expectClose(tapped[index], output, relative: 1e-4, "layer \(place), tapped")
        try expectClose(alone[index], output, relative: 1e-4, "layer \(place)")
        #expect(output.shape == [2, shapes[index].channels, shapes[index].height, shapes[index].width])
      }
    }
  }

  @Test(arguments: [[], [4, 0], [0, 0], [-1], [0, 17]]) func refusesOtherPlaces(_ places: [Int]) throws {
    #expect(throws: TorchError.self) {
      try CUT(channels: 1, filters: 2, blocks: 5, layers: places, generator: Generator(seed: 0))
    }
  }

  @Test func fiveBlocksReachThePublishedLayers() throws {
    let model = try CUT(
      channels: 1, filters: 2, blocks: 5, antialiasing: true, layers: [16], generator: Generator(seed: 0))
    #expect(model.cleanToDefect.encoderLayers == 17)
    #expect(throws: TorchError.self) { try CUT(channels: 1, filters: 2, blocks: 4, generator: Generator(seed: 0)) }
  }

  @Test func headsGiveUnitVectors() throws {
    let random = try Generator(seed: 5)
    let heads = try PatchHeads(channels: [3, 2], width: 8, generator: random)
    let features = try [Tensor.normal([2, 3, 4, 5], generator: random), Tensor.zeros([2, 2, 2, 2])]
    for (_, parameter) in try heads.namedParameters().filter({ $0.name.hasPrefix("mlp_1") && $0.name.hasSuffix("bias") }
    ) {
      try withoutGradients { try parameter.tensor.zero() }
    }
    let vectors = try heads(features, at: [Tensor([0, 19, 7]), Tensor([3])])
    #expect(vectors.map(\.shape) == [[2, 3, 8], [2, 1, 8]])
    #expect(try (vectors[0].norm(2, [-1]) - 1).abs().max().item() < 1e-5)
    // A vector without a direction stays 0, and its gradient is a number.
    #expect(try vectors[1].abs().max().item() == 0)
    try (vectors[0].sum() + vectors[1].sum()).backward()
    #expect(try heads.parameters().allSatisfy { try $0.tensor.gradient()?.isFinite().all().item() == 1 })
    #expect(throws: TorchError.self) { try heads(features, at: [Tensor([0])]) }
  }

  @Test func presetsAreThePublishedOnes() throws {
    #expect(CUTRecipe.cut.loss == CUTLoss())
    let (cut, fast) = (CUTRecipe.cut, CUTRecipe.fastCUT)
    #expect(cut.constantEpochs == 200 && cut.decayEpochs == 200)
    #expect(fast.constantEpochs == 150 && fast.decayEpochs == 50)
    #expect([cut.loss.contrast, fast.loss.contrast, cut.loss.adversarial, fast.loss.adversarial] == [1, 10, 1, 1])
    #expect(
      [cut.loss.identity, fast.loss.identity, cut.loss.mirroring, fast.loss.mirroring] == [true, false, false, true])
    for recipe in [cut, fast] {
      #expect(recipe.loss.patches == 256 && recipe.loss.temperature == 0.07)
      #expect([recipe.learningRate, recipe.beta1, recipe.beta2] == [2e-4, 0.5, 0.999])
      #expect(recipe.poolSize == 0 && recipe.batchSize == 1)
      #expect(try JSONDecoder().decode(CUTRecipe.self, from: JSONEncoder().encode(recipe)) == recipe)
    }
  }
}
