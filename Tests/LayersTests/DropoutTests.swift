import Layers
import Testing
import Torch

struct DropoutTests {
  @Test func keepsTheStatedShareAndTheMean() throws {
    let layer = Dropout(0.3, generator: try Generator(seed: 2))
    let output = try layer(.ones([100, 100])).floats()
    let kept = Float(1 / 0.7)
    #expect(output.allSatisfy { $0 == 0 || abs($0 - kept) < 1e-6 })
    // Binomial: the standard deviation of the share is 0.0046.
    let dropped = Double(output.count { $0 == 0 }) / 10_000
    #expect(abs(dropped - 0.3) < 0.02)
  }

  @Test func theMaskFollowsTheGeneratorsState() throws {
    let generator = try Generator(seed: 2)
    let layer = Dropout(generator: generator)
    let input = try Tensor.ones([64])
    let state = try generator.state()
    let first = try layer(input).floats()
    #expect(try layer(input).floats() != first)
    try generator.restore(state)
    #expect(try layer(input).floats() == first)
  }

  @Test func theGradientPassesWhereTheInputDid() throws {
    let layer = Dropout(0.5, generator: try Generator(seed: 3))
    let input = try Tensor.ones([50])
    try input.setRequiresGradient(true)
    let output = try layer(input)
    try output.sum().backward()
    #expect(try #require(try input.gradient()).floats() == output.floats())
  }

  @Test(arguments: [0.0, 1.0]) func theExtremeRates(_ rate: Double) throws {
    let layer = Dropout(rate, generator: try Generator(seed: 4))
    let output = try layer(.full([40], 2)).floats()
    #expect(output == Array(repeating: rate == 0 ? 2 : 0, count: 40))
  }

  @Test func evaluationChangesAndDrawsNothing() throws {
    let generator = try Generator(seed: 5)
    let layer = Dropout(generator: generator)
    try layer.setTraining(false)
    let before = try generator.state().bytes()
    let input = try Tensor.ones([9])
    #expect(try layer(input).floats() == input.floats())
    #expect(try generator.state().bytes() == before)
  }
}
