import Foundation
import TestSupport
import Testing
import Torch

@testable import Models

/// Both networks with made-up weights, those of Tests/Goldens/inception_whole.py: published ones are not part of this project.
struct WholeInceptionTests {
  // One test: making the weights takes longer than using them.
  @Test func featuresAreThoseOfPyTorchUnfolded() throws {
    let made = try MadeInception()
    for channels in [768, 2048] {
      let network = try Inception(made.tensors(channels: channels))
      #expect(network.featureCount == channels)
      for name in ["small", "large"] {
        let golden = try Goldens("inception_whole")(name)
        let size = try #require(try golden.integers("size"))
        let found = try withoutGradients { try network.features(InceptionTests.picture(size[0], size[1], size[2])) }
        let expected = try golden.tensor(channels == 768 ? "middle" : "whole")
        #expect(found.shape == [1, channels])
        let error = try (found - expected).norm().item() / expected.norm().item()
        #expect(error < 1e-5, "\(name), \(channels) channels: relative difference \(error)")
      }
    }
  }

  /// scripts/convert-inception made the sums out of a state dict by torchvision's names: it folds and names as is done here.
  @Test func theConverterMakesTheSameTensors() throws {
    let expected = try Goldens("inception_whole")("converted").tensor("sums").elements(as: Float.self)
    let tensors = try MadeInception().tensors(channels: 2048)
    try #require(expected.count == 2 * tensors.count)
    for (index, name) in tensors.keys.sorted().enumerated() {
      let values = try #require(tensors[name]).elements(as: Float.self)
      var sums = [0.0, 0.0], magnitude = 0.0
      for (place, value) in values.enumerated() {
        sums[0] += Double(value)
        sums[1] += Double(value) * Double(place % 1009) / 1009
        magnitude += abs(Double(value))
      }
      for (sum, wanted) in zip(sums, expected[(2 * index)...]) {
        #expect(abs(sum - Double(wanted)) < 1e-6 * magnitude, "\(name): \(sum), not \(wanted)")
      }
    }
  }
}

/// Made-up weights of the whole network, batch norm folded in.
private struct MadeInception {
  private let all: [String: Tensor]

  /// What torchvision calls a convolution, by its name in the TensorFlow graph.
  private static let theirs: [String: String] = {
    var names = [
      "conv": "Conv2d_1a_3x3", "conv_1": "Conv2d_2a_3x3", "conv_2": "Conv2d_2b_3x3", "conv_3": "Conv2d_3b_1x1",
      "conv_4": "Conv2d_4a_3x3",
    ]
    let small = [
      "conv": "branch1x1", "tower_conv": "branch5x5_1", "tower_conv_1": "branch5x5_2", "tower_1_conv": "branch3x3dbl_1",
      "tower_1_conv_1": "branch3x3dbl_2", "tower_1_conv_2": "branch3x3dbl_3", "tower_2_conv": "branch_pool",
    ]
    let long = [
      "conv": "branch1x1", "tower_conv": "branch7x7_1", "tower_conv_1": "branch7x7_2", "tower_conv_2": "branch7x7_3",
      "tower_1_conv": "branch7x7dbl_1", "tower_1_conv_1": "branch7x7dbl_2", "tower_1_conv_2": "branch7x7dbl_3",
      "tower_1_conv_3": "branch7x7dbl_4", "tower_1_conv_4": "branch7x7dbl_5", "tower_2_conv": "branch_pool",
    ]
    let wide = [
      "conv": "branch1x1", "tower_conv": "branch3x3_1", "tower_mixed_conv": "branch3x3_2a",
      "tower_mixed_conv_1": "branch3x3_2b", "tower_1_conv": "branch3x3dbl_1", "tower_1_conv_1": "branch3x3dbl_2",
      "tower_1_mixed_conv": "branch3x3dbl_3a", "tower_1_mixed_conv_1": "branch3x3dbl_3b", "tower_2_conv": "branch_pool",
    ]
    let half = [
      "conv": "branch3x3", "tower_conv": "branch3x3dbl_1", "tower_conv_1": "branch3x3dbl_2",
      "tower_conv_2": "branch3x3dbl_3",
    ]
    let secondHalf = [
      "tower_conv": "branch3x3_1", "tower_conv_1": "branch3x3_2", "tower_1_conv": "branch7x7x3_1",
      "tower_1_conv_1": "branch7x7x3_2", "tower_1_conv_2": "branch7x7x3_3", "tower_1_conv_3": "branch7x7x3_4",
    ]
    let blocks = [
      ("mixed", "5b", small), ("mixed_1", "5c", small), ("mixed_2", "5d", small), ("mixed_3", "6a", half),
      ("mixed_4", "6b", long), ("mixed_5", "6c", long), ("mixed_6", "6d", long), ("mixed_7", "6e", long),
      ("mixed_8", "7a", secondHalf), ("mixed_9", "7b", wide), ("mixed_10", "7c", wide),
    ]
    for (ours, block, branches) in blocks {
      for (name, branch) in branches { names["\(ours)_\(name)"] = "Mixed_\(block).\(branch)" }
    }
    return names
  }()

  init() throws {
    var tensors: [String: Tensor] = [:]
    for (name, shape) in Inception.convolutions(channels: 2048) {
      guard let theirs = Self.theirs[name] else { throw GoldenError("no name of torchvision's for \(name)") }
      func tensor(_ part: String, _ shape: [Int], _ centre: Double, _ spread: Double) throws -> Tensor {
        let values = Self.hashed("\(theirs).\(part)", shape.reduce(1, *), centre, spread)
        return try Tensor(values, shape: shape).converted(to: .float64)
      }
      let outputs = [shape[0]]
      let bound = (6 / Double(shape[1] * shape[2] * shape[3])).squareRoot()
      let variance = try tensor("bn.running_var", outputs, 1, 0.5)
      let factor = try tensor("bn.weight", outputs, 1, 0.5) / (variance + 1e-3).sqrt()
      let mean = try tensor("bn.running_mean", outputs, 0, 0.25)
      tensors["\(name).weight"] =
        try (tensor("conv.weight", shape, 0, bound) * factor.reshaped([shape[0], 1, 1, 1])).converted(to: .float32)
      tensors["\(name).bias"] = try (tensor("bn.bias", outputs, 0.125, 0.25) - mean * factor).converted(to: .float32)
    }
    all = tensors
  }

  func tensors(channels: Int) -> [String: Tensor] {
    let names = Set(Inception.convolutions(channels: channels).keys.flatMap { ["\($0).weight", "\($0).bias"] })
    return all.filter { names.contains($0.key) }
  }

  /// centre + spread · u with u in [−1, 1) in steps of 2⁻¹⁵, from whole numbers alone.
  private static func hashed(_ name: String, _ count: Int, _ centre: Double, _ spread: Double) -> [Float] {
    let seed = name.utf8.enumerated().reduce(0) { $0 + ($1.offset + 1) * Int($1.element) } * 40503
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      for place in 0..<count {
        var x = UInt32(truncatingIfNeeded: place) &* 2_654_435_761 &+ UInt32(truncatingIfNeeded: seed)
        x ^= x >> 15
        x = x &* 2_246_822_519
        x ^= x >> 13
        values[place] = Float(centre + spread * (Double(x >> 16) / 32768 - 1))
      }
      initialized = count
    }
  }
}
