import Layers
import TestSupport
import Testing
import Torch

/// Every layer against PyTorch: outputs, gradients and running statistics.
struct LayerGoldenTests {
  static let cases = Goldens.cases("layers")

  @Test func theFileHasTheCasesThatItShould() throws {
    #expect(Self.cases.count >= 42)
    let goldens = try Goldens("layers")
    let kinds = try Set(Self.cases.map { try goldens($0).text("kind") })
    let expected: Set = [
      "Conv2d", "ConvTranspose2d", "Linear", "Embedding", "InstanceNorm2d", "BatchNorm2d", "GroupNorm", "LayerNorm",
      "ReLU", "LeakyReLU", "Tanh", "Sigmoid", "SiLU", "GELU", "ReflectionPad2d", "ZeroPad2d", "ReplicationPad2d",
      "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "Upsample", "Dropout", "Flatten",
    ]
    #expect(kinds == expected)
  }

  @Test(arguments: cases) func agreesWithPyTorch(_ name: String) throws {
    let golden = try Goldens("layers")(name)
    let layer = try golden.layer()
    var input = try golden.tensor("input")
    if layer is Embedding { input = try input.converted(to: .int64) } else { try input.setRequiresGradient(true) }

    let output = try layer(input)
    try expectClose(output, golden.tensor("output"), "output")
    try output.backward(golden.tensor("cotangent"))
    if golden.has("gradient.input") {
      let gradient = try #require(try input.gradient())
      try expectClose(gradient, golden.tensor("gradient.input"), "gradient of the input")
    }
    for (name, parameter) in try layer.namedParameters() {
      let gradient = try #require(try parameter.tensor.gradient(), "no gradient for \(name)")
      try expectClose(gradient, golden.tensor("gradient.\(name)"), "gradient of \(name)")
    }
    for (name, after) in try golden.tensors("buffer_after.") {
      try expectClose(try #require(try layer.stateDictionary()[name]), after, "\(name) afterwards")
    }
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }
}
