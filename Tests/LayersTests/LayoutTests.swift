import Layers
import TestSupport
import Testing
import Torch

/// Results and gradients do not depend on how the elements lie in memory.
struct LayoutTests {
  /// [input, gradient of the output] in one layout or the other → [output, gradient of the input].
  private func pass(
    _ layer: some Layer, _ input: Tensor, _ slope: Tensor, channelsLast: (input: Bool, slope: Bool)
  ) throws -> (output: Tensor, gradient: Tensor) {
    let leaf = try input.cloned().contiguous(channelsLast: channelsLast.input)
    try leaf.setRequiresGradient(true)
    let output = try layer(leaf)
    try output.backward(slope.contiguous(channelsLast: channelsLast.slope))
    return (output, try #require(try leaf.gradient()))
  }

  @Test(arguments: [1, 2, 3], [1, 8])
  func instanceNormIsTheSame(images: Int, channels: Int) throws {
    let generator = try Generator(seed: 4)
    let input = try Tensor.normal([images, channels, 7, 6], mean: 1, generator: generator)
    let slope = try Tensor.normal([images, channels, 7, 6], generator: generator)
    let norm = try InstanceNorm2d(channels)
    let expected = try pass(norm, input, slope, channelsLast: (false, false))
    for layouts in [(true, false), (false, true), (true, true)] {
      let found = try pass(norm, input, slope, channelsLast: layouts)
      try expectClose(found.output, expected.output, relative: 1e-5, "output \(layouts)")
      try expectClose(found.gradient, expected.gradient, relative: 1e-5, "gradient \(layouts)")
    }
  }

  @Test func movingLaysOutConvolutionsAloneAndSavesTheSame() throws {
    let generator = try Generator(seed: 5)
    let network = try Sequential(
      Conv2d(4, 6, kernel: 3, generator: generator), ConvTranspose2d(6, 5, kernel: 3, generator: generator),
      Linear(5, 2, generator: generator))
    let before = try network.stateDictionary().mapValues { try $0.bytes() }
    try network.move(to: .cpu, channelsLast: true)
    for (name, parameter) in try network.namedParameters() {
      let isConvolution = parameter.tensor.rank == 4
      #expect(parameter.tensor.isContiguous() != isConvolution, "\(name)")
      #expect(!isConvolution || parameter.tensor.isContiguous(channelsLast: true), "\(name)")
      #expect(parameter.tensor.requiresGradient)
    }
    #expect(try network.stateDictionary().mapValues { try $0.bytes() } == before)
    try network.move(to: .cpu)
    #expect(try network.parameters().allSatisfy { $0.tensor.isContiguous() })
    #expect(try network.stateDictionary().mapValues { try $0.bytes() } == before)
  }
}
