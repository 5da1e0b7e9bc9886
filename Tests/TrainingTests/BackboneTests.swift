import Files
import Foundation
import Layers
import Models
import TestFolders
import Testing
import Torch
import Training

struct BackboneTests {
  private func network(channels: Int, width: Int = 4, seed: UInt64) throws -> ResNet18 {
    let network = try ResNet18(
      channels: channels, classes: 3, width: width, stem: .compact, generator: Generator(seed: seed))
    try network.setTraining(false)
    return network
  }

  /// A grey network sees grey images as the colour network does whose weights it takes over, up to the last layer.
  @Test func greyNetworksTakeOverColourOnes() throws {
    let place = try TemporaryFolder()
    let url = place.url.appendingPathComponent("weights.safetensors")
    let teacher = try network(channels: 3, seed: 1)
    // Some files lack the count of batches.
    try Safetensors.write(
      teacher.stateDictionary().filter { !$0.key.hasSuffix("num_batches_tracked") }, to: url)
    let file = try Safetensors(contentsOf: url)
    let grey = try network(channels: 1, seed: 2)
    let own = try #require(grey.stateDictionary()["fc.weight"]).floats()
    try grey.loadBackbone(file)
    #expect(try #require(grey.stateDictionary()["fc.weight"]).floats() == own)
    let images = try Tensor.normal([2, 1, 32, 32], generator: Generator(seed: 3))
    let colour = try Tensor.concatenated([images, images, images], 1)
    let difference = try (grey.features(images) - teacher.features(colour)).abs().max().item()
    #expect(difference < 1e-4)
  }

  @Test func otherNetworksAreRefused() throws {
    let place = try TemporaryFolder()
    let url = place.url.appendingPathComponent("weights.safetensors")
    try Safetensors.write(network(channels: 1, seed: 1).stateDictionary(), to: url)
    let file = try Safetensors(contentsOf: url)
    let error = try #require(throws: InputError.self) { try network(channels: 1, width: 8, seed: 2).loadBackbone(file) }
    #expect(error.place == url.path && error.found.contains("of another shape"))
    try Safetensors.write(["layer1.0.conv1.weight": Tensor.zeros([4, 4, 3, 3])], to: url)
    #expect(throws: InputError.self) {
      try network(channels: 1, seed: 2).loadBackbone(Safetensors(contentsOf: url))
    }
  }
}
