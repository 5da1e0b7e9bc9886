import Foundation
import TestSupport
import Testing
import Torch

@testable import Models

struct InceptionTests {
  static let weights = URL(
    fileURLWithPath: ProcessInfo.processInfo.environment["PATINA_DATA"]
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../../shared/data").path
  ).appendingPathComponent("weights/inception_v3_2015_768.safetensors")
  static let hasWeights = FileManager.default.fileExists(atPath: weights.path)

  @Test(.enabled(if: hasWeights, "needs Inception's weights"), arguments: ["small", "large"])
  func featuresAreThoseOfPyTorch(_ name: String) throws {
    let network = try Inception(Safetensors(contentsOf: Self.weights).tensors())
    let golden = try Goldens("inception")(name)
    let size = try #require(try golden.integers("size"))
    let found = try withoutGradients { try network.features(Self.picture(size[0], size[1], size[2])) }
    let expected = try golden.tensor("features")
    #expect(found.shape == [1, 768] && network.featureCount == 768)
    let error = try (found - expected).norm().item() / expected.norm().item()
    #expect(error < 1e-5, "relative difference \(error)")
    #expect(golden.leftovers.isEmpty)
  }

  /// 0 ... 255, from whole numbers alone: Tests/Goldens/inception_pictures.py makes the same.
  static func picture(_ width: Int, _ height: Int, _ factor: Int) throws -> Tensor {
    var values: [Float] = []
    for c in 0..<3 {
      for y in 0..<height {
        for x in 0..<width { values.append(Float((7 * x + factor * y + 29 * c + x * y % 251) % 256)) }
      }
    }
    return try Tensor(values, shape: [1, 3, height, width])
  }

  @Test func refusesOtherWeights() throws {
    #expect { try Inception([:]) } throws: { "\($0)".contains("'conv.weight', found none") }
    let odd = ["conv.weight": try Tensor.zeros([32, 3, 3, 2])]
    #expect { try Inception(odd) } throws: { "\($0)".contains("[32, 3, 3, 3], found [32, 3, 3, 2]") }
  }

  @Test(.enabled(if: hasWeights, "needs Inception's weights"))
  func refusesMoreThanItsWeights() throws {
    var tensors = try Safetensors(contentsOf: Self.weights).tensors()
    tensors["mixed_7_tower_3_conv.weight"] = try .zeros([1])
    #expect { try Inception(tensors) } throws: { "\($0)".contains("'mixed_7_tower_3_conv.weight'") }
    // A tensor of a later block says that the whole network is meant, of which the others are missing.
    tensors["mixed_7_tower_3_conv.weight"] = nil
    tensors["mixed_9_conv.weight"] = try .zeros([320, 1280, 1, 1])
    #expect { try Inception(tensors) } throws: { "\($0)".contains("'mixed_10_conv.weight', found none") }
  }
}
