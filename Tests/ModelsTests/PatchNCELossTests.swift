import Foundation
import Layers
import Models
import TestSupport
import Testing
import Torch

struct PatchNCELossTests {
  /// By hand: two patches with similarities 1, 0 and 0.6, 0.8.
  @Test func isTheCrossEntropyOfTheOwnPatch() throws {
    let queries = try Tensor([Double(1), 0, 0.6, 0.8], shape: [1, 2, 2])
    let keys = try Tensor([Double(1), 0, 0, 1], shape: [1, 2, 2])
    let expected = (log(1 + exp(-1 / 0.5)) + log(1 + exp((0.6 - 0.8) / 0.5))) / 2
    #expect(abs(try patchNCELoss(queries, keys, temperature: 0.5).item() - expected) < 1e-12)
  }

  /// Other images of the batch are no negatives: a batch's loss is the mean over its images.
  @Test func negativesAreOfTheSameImage() throws {
    let random = try Generator(seed: 1)
    let queries = try Tensor.normal([3, 7, 4], type: .float64, generator: random)
    let keys = try Tensor.normal([3, 7, 4], type: .float64, generator: random)
    let each = try (0..<3).map { image in
      try patchNCELoss(
        queries.sliced(0, image..<image + 1), keys.sliced(0, image..<image + 1), temperature: 0.07
      ).item()
    }
    let mean = each.reduce(0, +) / 3
    #expect(abs(try patchNCELoss(queries, keys, temperature: 0.07).item() - mean) < 1e-9 * mean)
  }

  @Test func keysLearnNothing() throws {
    let random = try Generator(seed: 2)
    let (queries, keys) = (
      try Tensor.normal([1, 5, 3], generator: random), try Tensor.normal([1, 5, 3], generator: random)
    )
    for tensor in [queries, keys] { try tensor.setRequiresGradient(true) }
    try patchNCELoss(queries, keys, temperature: 0.07).backward()
    #expect(try queries.gradient() != nil)
    #expect(try keys.gradient() == nil)
  }

  @Test func refusesUnlikeShapes() throws {
    let zeros = try Tensor.zeros([1, 4, 2])
    #expect(throws: TorchError.self) { try patchNCELoss(zeros, Tensor.zeros([1, 3, 2]), temperature: 1) }
    #expect(throws: TorchError.self) { try patchNCELoss(zeros.squeezed(0), zeros.squeezed(0), temperature: 1) }
  }
}
