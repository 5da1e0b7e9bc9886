import Layers
import TestSupport
import Testing
import Torch

@testable import Models

struct ResNet18Tests {
  @Test func countsAndNamesAreTorchvisions() throws {
    let network = try ResNet18(classes: 1000, generator: Generator(seed: 0))
    #expect(try network.parameterCount() == 11_689_512)
    let names = Set(try network.stateDictionary().keys)
    for name in [
      "conv1.weight", "bn1.running_mean", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight",
      "layer4.1.bn2.num_batches_tracked", "fc.bias",
    ] {
      #expect(names.contains(name))
    }
    #expect(!names.contains("layer1.0.downsample.0.weight"))
    #expect(names.count == 122)
  }

  @Test(arguments: ResNet18.Stem.allCases)
  func givesALogitPerClass(stem: ResNet18.Stem) throws {
    let network = try ResNet18(channels: 1, classes: 3, width: 8, stem: stem, generator: Generator(seed: 0))
    #expect(try network(Tensor.zeros([2, 1, 64, 64])).shape == [2, 3])
    #expect(try network(Tensor.zeros([2, 1, 70, 52])).shape == [2, 3])
  }

  @Test func aPriorIsWhatAnUntrainedNetworkAnswers() throws {
    let network = try ResNet18(channels: 1, classes: 2, width: 4, stem: .compact, generator: Generator(seed: 0))
    try network.setPrior([0.9, 0.1])
    #expect(try network.fc.bias?.tensor.softmax(0).floats().map { ($0 * 1000).rounded() } == [900, 100])
    #expect(throws: TorchError.self) { try network.setPrior([1, 0]) }
    #expect(throws: TorchError.self) { try network.setPrior([1]) }
  }
}
