import Testing

@testable import Torch

struct GradientTests {
  private func leaf(_ values: [Double], shape: [Int]? = nil) throws -> Tensor {
    let tensor = try Tensor(values, shape: shape)
    try tensor.setRequiresGradient(true)
    return tensor
  }

  @Test func gradientsAddUpUntilForgotten() throws {
    let x = try leaf([1, 2, 3])
    #expect(try x.gradient() == nil)
    try (x * x).sum().backward()
    try (x * x).sum().backward()
    #expect(try x.gradient()?.elements(as: Double.self) == [4, 8, 12])
    try x.setGradient(nil)
    #expect(try x.gradient() == nil)
    #expect(throws: TorchError.self) { try x.setGradient(Tensor.zeros([2], type: .float64)) }
  }

  @Test func aGraphCanBeAskedWithoutTouchingLeaves() throws {
    let x = try leaf([2])
    let unused = try leaf([1])
    let y = try x.power(3)
    let gradients = try y.gradients(of: [x, unused], differentiable: true)
    #expect(try gradients[0]?.item() == 12)
    #expect(gradients[1] == nil)
    #expect(try x.gradient() == nil)
    // And the gradient's own gradient: 6x.
    #expect(try gradients[0]?.gradients(of: [x])[0]?.item() == 12)
  }

  @Test func withoutGradientsNothingIsRecordedAndTheModeReturns() throws {
    let x = try leaf([1])
    let y = try withoutGradients { try x * 2 }
    #expect(!y.requiresGradient)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try withoutGradients { throw Stop() } }
    #expect(try (x * 2).requiresGradient)
    #expect(throws: TorchError.self) { try x.add(x) }
    try withoutGradients { try x.add(x) }
    #expect(try x.item() == 2)
  }

  @Test func backwardNeedsAScalarOrACotangent() throws {
    let x = try leaf([1, 2])
    #expect(throws: TorchError.self) { try (x * 2).backward() }
    try (x * 2).backward(Tensor([1, 10] as [Double]))
    #expect(try x.gradient()?.elements(as: Double.self) == [2, 20])
  }

  @Test func autocastComputesInTheNarrowTypeAndEndsWithItsScope() throws {
    let generator = try Generator(seed: 1)
    let x = try Tensor.normal([8, 16], generator: generator)
    let weight = try Tensor.normal([4, 16], generator: generator)
    let inside = try withAutocast(.bfloat16, on: .cpu) { try x.linear(weight) }
    #expect(inside.type == .bfloat16)
    #expect(try x.linear(weight).type == .float32)
    let error = try (inside.converted(to: .float32) - x.linear(weight)).abs().max().item()
    #expect(error > 0 && error < 0.2)
  }

  @Test func withoutAutocastComputesInFullAndGivesTheScopeBack() throws {
    let generator = try Generator(seed: 1)
    let x = try Tensor.normal([8, 16], generator: generator)
    let weight = try Tensor.normal([4, 16], generator: generator)
    func inFull() throws -> Tensor {
      try withoutAutocast(on: .cpu) { () throws(TorchError) in try x.linear(weight) }
    }
    let plain = try x.linear(weight).floats()
    let (full, after) = try withAutocast(.bfloat16, on: .cpu) { (try inFull(), try x.linear(weight)) }
    #expect(full.type == .float32 && after.type == .bfloat16)
    #expect(try full.floats() == plain)
    // Outside there is nothing to leave, nor to come back to.
    #expect(try inFull().floats() == plain)
    #expect(try x.linear(weight).type == .float32)
  }

  @Test func fusedAdamIsTheAlgorithmAsPublished() throws {
    // Kingma and Ba's algorithm 1 in float64, by hand.
    let gradients: [[Double]] = [[0.5, -1], [0.25, 3], [-2, 0.1]]
    var parameter = [1.0, -2]
    var first = [0.0, 0]
    var second = [0.0, 0]
    let tensor = try Tensor(parameter)
    let (m, v) = (try tensor.zerosLike(), try tensor.zerosLike())
    for (index, gradient) in gradients.enumerated() {
      let step = Double(index + 1)
      for i in 0..<2 {
        first[i] = 0.5 * first[i] + 0.5 * gradient[i]
        second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i]
        let corrected = first[i] / (1 - power(0.5, step))
        parameter[i] -= 0.01 * corrected / ((second[i] / (1 - power(0.999, step))).squareRoot() + 1e-8)
      }
      try adamStep(
        [tensor], gradients: [Tensor(gradient)], firstMoments: [m], secondMoments: [v], step: index + 1, rate: 0.01,
        beta1: 0.5, beta2: 0.999, epsilon: 1e-8)
    }
    let result = try tensor.elements(as: Double.self)
    #expect(abs(result[0] - parameter[0]) < 1e-12)
    #expect(abs(result[1] - parameter[1]) < 1e-12)
  }

  private func power(_ base: Double, _ exponent: Double) -> Double {
    (0..<Int(exponent)).reduce(1) { product, _ in product * base }
  }
}
