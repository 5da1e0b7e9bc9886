import Layers
import TestSupport
import Testing
import Torch

@testable import Models

struct UNetTests {
  static let cases = Goldens.cases("unet")

  @Test func theFileHasTheCasesThatItShould() { #expect(Self.cases.count == 4) }

  /// Logits, loss and every gradient in float64, from the very numbers that PyTorch had.
  @Test(arguments: cases) func agreesWithPyTorch(_ name: String) throws {
    let golden = try Goldens("unet")(name)
    let training = try golden.flag("training") ?? false
    let network = try UNet(
      channels: #require(try golden.integer("channels")), classes: #require(try golden.integer("classes")),
      width: #require(try golden.integer("width")), depth: #require(try golden.integer("depth")),
      upsampling: #require(UNet.Upsampling(rawValue: golden.text("upsampling"))), generator: Generator(seed: 0))
    var state = try golden.tensors("parameter.")
    let counters = try network.stateDictionary().filter { $0.key.hasSuffix("num_batches_tracked") }
    state.merge(counters) { given, _ in given }
    try network.load(state)
    try network.move(to: .cpu, type: .float64)
    try network.setTraining(training)

    let input = try golden.tensor("input").converted(to: .float64)
    try input.setRequiresGradient(true)
    let logits = try network(input)
    try expectClose(logits, golden.tensor("output"), relative: 1e-6, "logits")
    var loss = SegmentationLoss()
    loss.crossEntropy = try #require(try golden.number("cross_entropy"))
    loss.dice = try #require(try golden.number("dice"))
    if golden.has("weight") { loss.classWeights = try golden.tensor("weight").elements(as: Double.self) }
    let value = try loss(logits, golden.tensor("target").converted(to: .int64))
    try expectClose(value, golden.tensor("loss"), relative: 1e-6, "loss")
    try value.backward()
    try expectClose(
      #require(try input.gradient()), golden.tensor("gradient.input"), relative: 1e-6, "gradient of the input")
    for (key, parameter) in try network.namedParameters() {
      let gradient = try #require(try parameter.tensor.gradient(), "\(key) has no gradient")
      try expectClose(gradient, golden.tensor("gradient.\(key)"), relative: 1e-6, "gradient of \(key)")
    }
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }

  @Test func hasAsManyParametersAsPublished() throws {
    let network = try UNet(channels: 3, classes: 2, generator: Generator(seed: 0))
    #expect(try network.parameterCount() == 31_037_698)
    #expect(network.depth == 4)
  }

  @Test(arguments: UNet.Upsampling.allCases, [(64, 64), (70, 52), (5, 33), (1, 1)])
  func answersForEveryPixel(upsampling: UNet.Upsampling, side: (Int, Int)) throws {
    let network = try UNet(channels: 1, classes: 3, width: 4, upsampling: upsampling, generator: Generator(seed: 0))
    try network.setTraining(false)
    #expect(try network(Tensor.zeros([2, 1, side.0, side.1])).shape == [2, 3, side.0, side.1])
  }

  /// What is added beside an image is not part of the answer: of an image that needs nothing, the answer is unchanged.
  @Test func mirroringContinuesTheImage() throws {
    let network = try UNet(channels: 1, classes: 2, width: 2, depth: 2, generator: Generator(seed: 1))
    try network.setTraining(false)
    let image = try Tensor.normal([1, 1, 7, 6], generator: Generator(seed: 2))
    let continued = try image.padded(left: 0, right: 2, top: 0, bottom: 1, .reflect)
    try expectClose(network(image), network(continued).sliced(2, 0..<7).sliced(3, 0..<6))
  }

  @Test func aPriorIsWhatAnUntrainedNetworkAnswers() throws {
    let network = try UNet(channels: 1, classes: 3, width: 4, generator: Generator(seed: 0))
    try network.setPrior([0.9, 0.08, 0.02])
    #expect(try network.head.bias?.tensor.softmax(0).floats().map { ($0 * 1000).rounded() } == [900, 80, 20])
    #expect(throws: TorchError.self) { try network.setPrior([1, 0, 1]) }
    #expect(throws: TorchError.self) { try network.setPrior([1, 1]) }
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 8, 8])) }
  }

  /// Certain logits of a map of classes.
  private func certain(_ target: Tensor) throws -> Tensor {
    try target.oneHot(classes: 3).permuted([0, 3, 1, 2]).converted(to: .float32) * 50
  }

  /// Dice of a class that one pixel shows and no pixel is called: 1 − 1 / 2; of one that is neither: 0.
  @Test func theLossIsWhatAHandMakesIt() throws {
    let target = try Tensor([0, 0, 1, 0, 0, 0, 0, 0] as [Int], shape: [2, 2, 2])
    let background = try certain(.zeros([2, 2, 2], type: .int64))
    #expect(try SegmentationLoss()(certain(target), target).item() < 1e-6)
    var loss = SegmentationLoss()
    loss.crossEntropy = 0
    #expect(try abs(loss(background, target).item() - 0.25) < 1e-6)
    (loss.crossEntropy, loss.dice) = (2, 0)
    #expect(try abs(loss(background, target).item() - 2 * 50 / 8) < 1e-4)
    loss.classWeights = [1, 3, 1]
    #expect(try abs(loss(background, target).item() - 2 * 3 * 50 / 10) < 1e-4)
  }
}
