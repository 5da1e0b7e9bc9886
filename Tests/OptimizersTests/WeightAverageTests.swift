import Files
import Layers
import Optimizers
import Testing
import Torch

struct WeightAverageTests {
  private struct Stop: Error {}

  private func linear() throws -> Linear { try Linear(2, 2, generator: Generator(seed: 1)) }

  private func set(_ layer: Linear, _ value: Double) throws {
    try withoutGradients { for parameter in try layer.parameters() { try parameter.tensor.fill(value) } }
  }

  @Test func startsAsTheWeightsAndFollowsThem() throws {
    let layer = try linear()
    try set(layer, 1)
    let average = try WeightAverage(of: NamedParameters(layer), decay: 0.75)
    #expect(average.stateTensors().keys.sorted() == ["bias", "weight"])
    try set(layer, 5)
    #expect(try average.stateTensors()["bias"]?.floats() == [1, 1])
    try average.update()
    #expect(try average.stateTensors()["bias"]?.floats() == [2, 2])
    try average.update()
    #expect(try average.stateTensors()["bias"]?.floats() == [2.75, 2.75])
  }

  @Test func appliedForATimeOnly() throws {
    let layer = try linear()
    let average = try WeightAverage(of: NamedParameters(layer), decay: 0.5)
    try set(layer, 0.1)
    let weights = try layer.weight.tensor.bytes()
    try average.update()
    let averages = try #require(average.stateTensors()["weight"]).bytes()
    #expect(averages != weights)
    let inside = try average.applied { try layer.weight.tensor.bytes() }
    #expect(inside == averages)
    #expect(try layer.weight.tensor.bytes() == weights)
    #expect(throws: Stop.self) { try average.applied { throw Stop() } }
    #expect(try layer.weight.tensor.bytes() == weights)
    #expect(try average.stateTensors()["weight"]?.bytes() == averages)
  }

  @Test func theStateIsRestoredOrRefusedWhole() throws {
    let average = try WeightAverage(of: NamedParameters(linear()))
    let before = try average.stateTensors().mapValues { try $0.bytes() }
    let bias = try Tensor([7, 8] as [Float])
    #expect(throws: InputError.self) { try average.restore(["bias": bias]) }
    #expect(throws: InputError.self) { try average.restore(["bias": bias, "weight": .zeros([2])]) }
    #expect(throws: InputError.self) { try average.restore(["bias": bias, "weight": .zeros([2, 2]), "x": bias]) }
    #expect(try average.stateTensors().mapValues { try $0.bytes() } == before)
    try average.restore(["bias": bias, "weight": .zeros([2, 2])])
    #expect(try average.stateTensors()["bias"]?.floats() == [7, 8])
    try average.update()
    #expect(try bias.floats() == [7, 8])
  }
}
