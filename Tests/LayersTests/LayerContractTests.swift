import Layers
import TestSupport
import Testing
import Torch

/// Every layer through `checkLayer`.
struct LayerContractTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Generator) throws -> any Layer
    var input = [2, 4, 5, 7]
    var output = [2, 4, 5, 7]
    var keys: [String] = []
    var count = 0
    var testDescription: String { name }
  }

  static let affine = ["weight", "bias"]
  static let statistics = ["running_mean", "running_var", "num_batches_tracked"]

  static let examples = [
    Example(
      name: "Conv2d", make: { try Conv2d(4, 6, kernel: 3, stride: 2, padding: 1, groups: 2, generator: $0) },
      output: [2, 6, 3, 4], keys: affine, count: 6 * 2 * 9 + 6),
    Example(
      name: "Conv2d without bias", make: { try Conv2d(4, 3, kernel: 3, dilation: 2, bias: false, generator: $0) },
      output: [2, 3, 1, 3], keys: ["weight"], count: 3 * 4 * 9),
    Example(
      name: "ConvTranspose2d",
      make: { try ConvTranspose2d(4, 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, generator: $0) },
      output: [2, 3, 10, 14], keys: affine, count: 4 * 3 * 9 + 3),
    Example(
      name: "ConvTranspose2d with dilation",
      make: { try ConvTranspose2d(4, 3, kernel: 3, dilation: 2, bias: false, generator: $0) },
      output: [2, 3, 9, 11], keys: ["weight"], count: 4 * 3 * 9),
    Example(
      name: "Linear", make: { try Linear(7, 3, generator: $0) }, output: [2, 4, 5, 3], keys: affine, count: 24),
    Example(name: "InstanceNorm2d", make: { _ in try InstanceNorm2d(4) }),
    Example(
      name: "InstanceNorm2d affine", make: { _ in try InstanceNorm2d(4, affine: true) }, keys: affine, count: 8),
    Example(name: "BatchNorm2d", make: { _ in try BatchNorm2d(4) }, keys: affine + statistics, count: 8),
    Example(
      name: "BatchNorm2d in evaluation",
      make: { _ in
        let layer = try BatchNorm2d(4)
        try layer.setTraining(false)
        return layer
      }, keys: affine + statistics, count: 8),
    Example(name: "GroupNorm", make: { _ in try GroupNorm(2, 4) }, keys: affine, count: 8),
    Example(name: "LayerNorm", make: { _ in try LayerNorm([5, 7]) }, keys: affine, count: 70),
    Example(name: "ReLU", make: { _ in ReLU() }),
    Example(name: "LeakyReLU", make: { _ in LeakyReLU() }),
    Example(name: "Tanh", make: { _ in Tanh() }),
    Example(name: "Sigmoid", make: { _ in Sigmoid() }),
    Example(name: "SiLU", make: { _ in SiLU() }),
    Example(name: "GELU", make: { _ in GELU() }),
    Example(name: "ReflectionPad2d", make: { _ in ReflectionPad2d(3) }, output: [2, 4, 11, 13]),
    Example(
      name: "ZeroPad2d", make: { _ in ZeroPad2d(left: 1, right: 2, top: 3, bottom: 4) }, output: [2, 4, 12, 10]),
    Example(
      name: "ReplicationPad2d", make: { _ in ReplicationPad2d(left: 1, right: 2, top: 3, bottom: 4) },
      output: [2, 4, 12, 10]),
    Example(name: "MaxPool2d", make: { _ in MaxPool2d(2) }, output: [2, 4, 2, 3]),
    Example(name: "AvgPool2d", make: { _ in AvgPool2d(3, stride: 2, padding: 1) }, output: [2, 4, 3, 4]),
    Example(name: "AdaptiveAvgPool2d", make: { _ in AdaptiveAvgPool2d() }, output: [2, 4, 1, 1]),
    Example(
      name: "AdaptiveAvgPool2d to a grid", make: { _ in AdaptiveAvgPool2d(height: 2, width: 3) },
      output: [2, 4, 2, 3]),
    Example(name: "BlurDownsample", make: { _ in try BlurDownsample(4) }, output: [2, 4, 3, 4], keys: ["filt"]),
    Example(name: "Upsample", make: { _ in Upsample(3) }, output: [2, 4, 15, 21]),
    Example(name: "Upsample bicubic", make: { _ in Upsample(2, .bicubic) }, output: [2, 4, 10, 14]),
    Example(
      name: "Dropout in evaluation",
      make: {
        let layer = Dropout(generator: $0)
        layer.isTraining = false
        return layer
      }),
    Example(name: "Flatten", make: { _ in Flatten() }, output: [2, 140]),
    Example(
      name: "Sequential",
      make: {
        try Sequential(
          ReflectionPad2d(1), Conv2d(4, 3, kernel: 3, generator: $0), InstanceNorm2d(3, affine: true), Tanh())
      },
      output: [2, 3, 5, 7], keys: ["1.weight", "1.bias", "2.weight", "2.bias"], count: 3 * 4 * 9 + 3 + 6),
  ]

  @Test(arguments: examples) func keepsTheContract(_ example: Example) throws {
    let generator = try Generator(seed: 5)
    let input = try Tensor.normal(example.input, mean: 0.2, standardDeviation: 2, generator: generator)
    try checkLayer(
      example.make(generator), input: input, outputShape: example.output, stateKeys: example.keys,
      parameterCount: example.count)
  }

  @Test func embeddingKeepsTheContract() throws {
    let generator = try Generator(seed: 5)
    try checkLayer(
      Embedding(7, 3, generator: generator), input: Tensor([3, 1, 3, 6], shape: [2, 2]), outputShape: [2, 2, 3],
      stateKeys: ["weight"], parameterCount: 21)
  }

  @Test func instanceNormIsTheSameInTrainingAndEvaluation() throws {
    let input = try Tensor.normal([2, 3, 4, 5], generator: Generator(seed: 1))
    let layer = try Sequential(InstanceNorm2d(3))
    let training = try layer(input).floats()
    try layer.setTraining(false)
    #expect(try layer(input).floats() == training)
  }

  /// A blur keeps what is constant, margin included, and takes the finest stripes away; halving by stride keeps them.
  @Test func blurDownsampleDoesNotAlias() throws {
    let blur = try BlurDownsample(2)
    let flat = try blur(Tensor.full([1, 2, 6, 8], 0.7))
    #expect(try (flat - 0.7).abs().max().item() < 1e-6)
    let stripes = try Tensor((0..<64).map { Float($0 % 2) }, shape: [1, 1, 8, 8]).repeated([1, 2, 1, 1])
    #expect(try (blur(stripes) - 0.5).abs().max().item() < 1e-6)
  }

  /// Each output as its layer gives it alone, the bias in front of a norm included, and nothing computed behind the last.
  @Test func sequentialGivesOutputsOnTheWay() throws {
    let random = try Generator(seed: 9)
    let layers = try Sequential(
      ReflectionPad2d(1), Conv2d(16, 16, kernel: 3, generator: random), InstanceNorm2d(16), ReLU(),
      Conv2d(16, 16, kernel: 3, padding: 1, generator: random), InstanceNorm2d(16), LeakyReLU(0.2))
    let input = try Tensor.normal([1, 16, 9, 8], generator: random)
    var alone = [input]
    for layer in layers.layers { alone.append(try layer(#require(alone.last))) }
    for places in [[1], [0, 4], [2], [3, 5, 6], [], [0, 1, 2, 3, 4, 5, 6]] {
      let (output, tapped) = try layers(input, tapping: places)
      let outputs = try layers.outputs(of: input, at: places)
      try expectClose(output, alone[7], relative: 1e-4, "\(places)")
      #expect(tapped.count == places.count && outputs.count == places.count)
      for (place, (first, second)) in zip(places, zip(tapped, outputs)) {
        try expectClose(first, alone[place + 1], relative: 1e-4, "\(place) of \(places)")
        try expectClose(second, alone[place + 1], relative: 1e-4, "\(place) of \(places), alone")
      }
    }
  }

  @Test func upsampleWantsAnImage() throws {
    let flat = try Tensor.zeros([3, 4])
    #expect(throws: TorchError.self) { try Upsample(2)(flat) }
  }
}
