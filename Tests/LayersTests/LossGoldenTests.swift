import Layers
import TestSupport
import Testing
import Torch

/// Every loss against PyTorch: value and gradient.
struct LossGoldenTests {
  static let cases = Goldens.cases("losses")

  @Test func theFileHasTheCasesThatItShould() { #expect(Self.cases.count >= 18) }

  @Test(arguments: cases) func agreesWithPyTorch(_ name: String) throws {
    let golden = try Goldens("losses")(name)
    let input = try golden.tensor("input")
    try input.setRequiresGradient(true)
    let output = try loss(golden, input)
    try expectClose(output, golden.tensor("output"), "output")
    try output.backward(golden.tensor("cotangent"))
    let gradient = try #require(try input.gradient())
    try expectClose(gradient, golden.tensor("gradient.input"), "gradient of the input")
    #expect(golden.leftovers.isEmpty, "parts of the case that the test did not use")
  }

  private func loss(_ golden: GoldenCase, _ input: Tensor) throws -> Tensor {
    let name = golden.name
    if name.hasPrefix("lsgan") { return try leastSquaresLoss(input, target: #require(try golden.number("target"))) }
    let target = try golden.tensor("target")
    let reduction: Reduction =
      switch golden.setting("reduction") {
      case nil: .mean
      case "sum": .sum
      case "none": .none
      case .some(let other): throw GoldenError("no reduction \(other)")
      }
    if name.hasPrefix("mse") { return try mseLoss(input, target, reduction: reduction) }
    if name.hasPrefix("l1") { return try l1Loss(input, target, reduction: reduction) }
    if name.hasPrefix("smooth_l1") { return try smoothL1Loss(input, target, beta: golden.number("beta") ?? 1) }
    if name.hasPrefix("bce_with_logits") {
      let weight = golden.has("pos_weight") ? try golden.tensor("pos_weight") : nil
      return try bceWithLogitsLoss(input, target, positiveWeight: weight)
    }
    if name.hasPrefix("cross_entropy") {
      return try crossEntropyLoss(
        input, target.converted(to: .int64), weight: golden.has("weight") ? golden.tensor("weight") : nil,
        ignoring: golden.integer("ignore_index") ?? -100, labelSmoothing: golden.number("label_smoothing") ?? 0)
    }
    if name.hasPrefix("soft_dice") {
      let probability = try golden.text("activation") == "sigmoid" ? input.sigmoid() : input.softmax(1)
      return try softDiceLoss(probability, target, smoothing: #require(try golden.number("smooth")))
    }
    throw GoldenError("no loss for the case \(name)")
  }

  /// Broadcasting [N, 1] against [N] would compare everything with everything.
  @Test func unlikeShapesAreRefused() throws {
    let column = try Tensor.zeros([3, 1])
    let row = try Tensor.zeros([3])
    #expect(throws: TorchError.self) { try l1Loss(column, row) }
    #expect(throws: TorchError.self) { try mseLoss(column, row) }
    #expect(throws: TorchError.self) { try smoothL1Loss(column, row) }
    #expect(throws: TorchError.self) { try bceWithLogitsLoss(column, row) }
    #expect(throws: TorchError.self) { try softDiceLoss(column, row) }
    #expect(throws: TorchError.self) { try softDiceLoss(row, row) }
  }
}
