import Layers
import TestSupport
import Testing
import Torch

@testable import Models

struct CycleGANModelTests {
  @Test(arguments: [(9, 3, 11_378_179), (9, 1, 11_365_633), (6, 3, 7_837_699), (6, 1, 7_825_153)])
  func generatorsHaveThePublishedCounts(blocks: Int, channels: Int, expected: Int) throws {
    let network = try ResNetGenerator(
      inputs: channels, outputs: channels, blocks: blocks, generator: Generator(seed: 0))
    #expect(try network.parameterCount() == expected)
  }

  @Test(arguments: [(3, 2_764_737), (1, 2_762_689)])
  func discriminatorsHaveThePublishedCounts(channels: Int, expected: Int) throws {
    #expect(try PatchDiscriminator(inputs: channels, generator: Generator(seed: 0)).parameterCount() == expected)
  }

  @Test func stateNamesAreThoseOfPublishedCheckpoints() throws {
    let names = try ResNetGenerator(blocks: 9, generator: Generator(seed: 0)).stateDictionary().keys
    for name in [
      "model.1.weight", "model.4.bias", "model.10.conv_block.1.weight", "model.18.conv_block.5.bias",
      "model.19.weight", "model.22.weight", "model.26.weight", "model.26.bias",
    ] {
      #expect(names.contains(name))
    }
    let patch = try PatchDiscriminator(generator: Generator(seed: 0)).stateDictionary().keys
    #expect(Set(patch) == Set([0, 2, 5, 8, 11].flatMap { ["model.\($0).weight", "model.\($0).bias"] }))
  }

  @Test func discriminatorMapsPatches() throws {
    let network = try PatchDiscriminator(filters: 4, generator: Generator(seed: 0))
    #expect(try network(Tensor.zeros([1, 3, 256, 256])).shape == [1, 1, 30, 30])
    #expect(try network(Tensor.zeros([2, 3, 64, 96])).shape == [2, 1, 6, 10])
  }

  @Test func generatorKeepsShapesAndRefusesSidesItCannotHalveTwice() throws {
    let network = try ResNetGenerator(inputs: 1, outputs: 3, filters: 4, blocks: 1, generator: Generator(seed: 0))
    let output = try network(Tensor.zeros([2, 1, 24, 36]))
    #expect(output.shape == [2, 3, 24, 36])
    #expect(try output.abs().max().item() <= 1)
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 1, 30, 32])) }
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 32, 32])) }
  }

  @Test func interpolationTakesAsManyParametersAsPublished() throws {
    func names(_ upsampling: ResNetGenerator.Upsampling) throws -> [String: [Int]] {
      let network = try ResNetGenerator(filters: 4, blocks: 2, upsampling: upsampling, generator: Generator(seed: 0))
      return try network.stateDictionary().mapValues(\.shape)
    }
    let (published, resized) = try (names(.transposed), names(.resize))
    func count(_ shapes: [String: [Int]]) -> Int { shapes.values.reduce(0) { $0 + $1.reduce(1, *) } }
    #expect(count(published) == count(resized))
    // An interpolation stands in front of each convolution.
    #expect(published["model.12.weight"] == [16, 8, 3, 3] && published["model.15.weight"] == [8, 4, 3, 3])
    #expect(resized["model.13.weight"] == [8, 16, 3, 3] && resized["model.17.weight"] == [4, 8, 3, 3])
    let output = try ResNetGenerator(filters: 4, blocks: 1, upsampling: .resize, generator: Generator(seed: 0))(
      Tensor.zeros([1, 3, 24, 36]))
    #expect(output.shape == [1, 3, 24, 36])
  }

  /// A generator of changes gives its picture with what its twin would have given added, however it is asked.
  @Test func aResidualGeneratorChangesItsPicture() throws {
    let (plain, residual) = try (
      ResNetGenerator(inputs: 3, outputs: 1, filters: 4, blocks: 2, generator: Generator(seed: 3)),
      ResNetGenerator(inputs: 3, outputs: 1, filters: 4, blocks: 2, residual: true, generator: Generator(seed: 3))
    )
    let input = try Tensor.normal([2, 3, 16, 24], generator: Generator(seed: 1))
    let expected = try (input.sliced(1, 0..<1) + plain(input)).clamped(-1, 1).elements(as: Float.self)
    #expect(try residual(input).elements(as: Float.self) == expected)
    #expect(try residual(input, tapping: [0, 4]).picture.elements(as: Float.self) == expected)
    let strips = try residual(input, strips: 8).elements(as: Float.self)
    #expect(zip(strips, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(expected.contains(1) && expected.contains(-1) && expected.contains { abs($0) < 0.9 })
  }

  /// Of a picture without any structure, far from its borders: transposed convolutions draw one, pixel by pixel.
  @Test(arguments: ResNetGenerator.Upsampling.allCases)
  func onlyTransposedConvolutionsDrawCheckerboards(upsampling: ResNetGenerator.Upsampling) throws {
    let network = try ResNetGenerator(
      inputs: 1, outputs: 1, filters: 4, blocks: 0, upsampling: upsampling, generator: Generator(seed: 3))
    let output = try network(Tensor.zeros([1, 1, 96, 96]) + 0.5)
    let middle = try output.sliced(2, 40..<56).sliced(3, 40..<56)
    let range = try (middle.max() - middle.min()).item()
    switch upsampling {
    case .transposed: #expect(range > 0.05, "\(range)")
    case .resize: #expect(range < 1e-4, "\(range)")
    }
  }

  /// A receptive field of 70 pixels: a score depends on those pixels and on none beyond. With fewer halvings it is smaller.
  @Test(arguments: [(1, 16), (2, 34), (3, 70), (4, 142)])
  func aPatchIs70PixelsWide(halvings: Int, width: Int) throws {
    let network = try PatchDiscriminator(inputs: 1, filters: 2, halvings: halvings, generator: Generator(seed: 1))
    #expect(try network(Tensor.zeros([2, 1, 96, 160])).shape == [2, 1, (96 >> halvings) - 2, (160 >> halvings) - 2])
    // Without the norms, whose statistics tie all pixels together: what the convolutions reach.
    let convolutions = network.model.layers.compactMap { $0 as? Conv2d }
    let input = try Tensor.zeros([1, 1, 256, 256])
    try input.setRequiresGradient(true)
    let map = try Sequential(convolutions)(input)
    let middle = map.shape[2] / 2
    try map.selected(2, middle).selected(2, middle).sum().backward()
    let touched = try #require(try input.gradient()).notEqual(0).any([0, 1, 2]).converted(to: .int64).sum().item()
    #expect(touched == Double(width))
  }

  @Test func weightsStartAsPublished() throws {
    let model = try CycleGAN(
      channels: 1, filters: 16, blocks: 2, discriminatorFilters: 16, generator: Generator(seed: 3))
    for (name, parameter) in try model.namedParameters() {
      let values = parameter.tensor
      if name.hasSuffix("bias") {
        #expect(try values.abs().max().item() == 0, "\(name)")
      } else if values.count > 2000 {
        #expect(abs(try values.mean().item()) < 0.002, "\(name)")
        #expect(abs(try values.variance().sqrt().item() - 0.02) < 0.002, "\(name)")
      }
    }
  }

  /// Instance norm without running statistics: an image's translation does not depend on its batch or on any mode.
  @Test func evaluationIsTrainingAndImagesDoNotMix() throws {
    let network = try ResNetGenerator(inputs: 1, outputs: 1, filters: 4, blocks: 2, generator: Generator(seed: 0))
    let batch = try Tensor.normal([3, 1, 32, 32], generator: Generator(seed: 5))
    let together = try network(batch)
    try network.setTraining(false)
    try expectClose(network(batch), together, relative: 1e-7)
    for index in 0..<3 {
      // Threads share a batch's pixels: the norms' sums are cut elsewhere, and rounded otherwise.
      try expectClose(
        network(batch.sliced(0, index..<index + 1)), together.sliced(0, index..<index + 1), relative: 1e-4)
    }
    #expect(try network.namedBuffers().isEmpty)
  }

  /// The ends are padded by reflection: a constant image stays constant to its border.
  @Test func bordersOfAConstantImageAreNotDarker() throws {
    let network = try ResNetGenerator(inputs: 1, outputs: 1, filters: 4, blocks: 0, generator: Generator(seed: 2))
    let first = try Sequential(Array(network.model.layers.prefix(2)))(Tensor.full([1, 1, 16, 16], 0.7))
    #expect(try (first.max([2, 3]) - first.min([2, 3])).max().item() < 1e-6)
    let last = try Sequential(Array(network.model.layers.suffix(3)))(Tensor.full([1, 4, 16, 16], 0.7))
    #expect(try (last.max() - last.min()).item() < 1e-6)
  }
}
