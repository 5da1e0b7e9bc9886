import Layers
import Testing
import Torch

struct InitializerTests {
  private func numbers(_ initializer: Initializer, _ shape: [Int]) throws -> [Double] {
    let tensor = try Tensor.full(shape, 99)
    try initializer.fill(tensor, generator: Generator(seed: 11))
    return try tensor.elements()
  }

  private func deviation(_ numbers: [Double]) -> Double {
    (numbers.reduce(0) { $0 + $1 * $1 } / Double(numbers.count)).squareRoot()
  }

  @Test func constants() throws {
    #expect(try numbers(.zeros, [3]) == [0, 0, 0])
    #expect(try numbers(.constant(2.5), [2]) == [2.5, 2.5])
  }

  /// 36,000 numbers: their deviation is known to about 0.4 per cent, so 3 per cent tells the formulas apart.
  static let deviations: [(Initializer, Double)] = [
    (.normal(standardDeviation: 0.02), 0.02),
    (.kaimingNormal(), 0.074_536),  // √(2 / 360)
    (.xavierNormal(gain: 0.02), 0.000_796_8),  // 0.02 · √(2 / (360 + 900))
    (.kaimingNormal(slope: 1), 0.052_705),  // √(2 / (2 · 360))
  ]

  @Test(arguments: deviations) func normalDeviations(_ initializer: Initializer, _ expected: Double) throws {
    let values = try numbers(initializer, [100, 40, 3, 3])
    #expect(abs(deviation(values) / expected - 1) < 0.03)
    #expect((values.map(\.magnitude).max() ?? 0) > 3 * expected)
  }

  static let bounds: [(Initializer, Double)] = [
    (.uniform(bound: 0.3), 0.3),
    (.kaimingUniform(), 0.129_099),  // √(6 / 360)
    (.kaimingUniform(slope: 5.0.squareRoot()), 0.052_705),  // 1 / √360
    (.xavierUniform(gain: 2), 0.138_013),  // 2 · √(6 / (360 + 900))
  ]

  @Test(arguments: bounds) func uniformBounds(_ initializer: Initializer, _ bound: Double) throws {
    let values = try numbers(initializer, [100, 40, 3, 3])
    let largest = try #require(values.map(\.magnitude).max())
    #expect(largest <= bound * 1.00001 && largest > bound * 0.999)
    #expect(abs(deviation(values) / (bound / 3.0.squareRoot()) - 1) < 0.03)
  }

  @Test(arguments: [[4, 3, 2], [6, 2, 2], [5, 5]]) func orthogonalRowsOrColumns(_ shape: [Int]) throws {
    let tensor = try Tensor.zeros(shape)
    try Initializer.orthogonal(gain: 2).fill(tensor, generator: Generator(seed: 1))
    let matrix = try tensor.flattened(1)
    let product =
      try matrix.shape[0] <= matrix.shape[1]
      ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
    let side = product.shape[0]
    for (index, value) in try product.floats().enumerated() {
      #expect(abs(value - (index / side == index % side ? 4 : 0)) < 1e-5)
    }
  }

  @Test func fansNeedTwoDimensions() throws {
    let vector = try Tensor.zeros([3])
    for initializer in [Initializer.kaimingUniform(), .kaimingNormal(), .xavierUniform(), .orthogonal()] {
      #expect(throws: TorchError.self) { try initializer.fill(vector, generator: Generator(seed: 1)) }
    }
  }

  /// U(±1/√(fan in)), where PyTorch takes a transposed convolution's outputs for its fan in.
  @Test func layersStartAsInPyTorch() throws {
    let generator = try Generator(seed: 3)
    let layers: [(any Layer, Double)] = [
      (try Conv2d(64, 128, kernel: 3, groups: 2, generator: generator), 1 / (32 * 9.0).squareRoot()),
      (try ConvTranspose2d(64, 128, kernel: 3, generator: generator), 1 / (128 * 9.0).squareRoot()),
      (try Linear(300, 200, generator: generator), 1 / 300.0.squareRoot()),
    ]
    for (layer, bound) in layers {
      for (name, parameter) in try layer.namedParameters() {
        let largest = try parameter.tensor.abs().max().item()
        #expect(largest <= bound * 1.000001 && largest > bound * 0.95, "\(name) of \(type(of: layer))")
      }
    }
    let table = try Embedding(300, 200, generator: generator).weight.tensor.elements(as: Double.self)
    #expect(abs(deviation(table) - 1) < 0.02)
  }

  @Test func theSeedDecides() throws {
    func weights(_ seed: UInt64) throws -> [Float] {
      try Conv2d(2, 2, kernel: 3, generator: Generator(seed: seed)).weight.tensor.floats()
    }
    #expect(try weights(1) == weights(1))
    #expect(try weights(1) != weights(2))
  }

  @Test func cycleGANsStartReachesConvolutionsOnly() throws {
    let generator = try Generator(seed: 4)
    let network = Sequential(
      try Conv2d(16, 64, kernel: 3, generator: generator), Sequential(try InstanceNorm2d(64, affine: true)),
      try ConvTranspose2d(64, 16, kernel: 3, generator: generator), try Linear(4, 4, generator: generator),
      try Conv2d(4, 4, kernel: 1, bias: false, generator: generator))
    let linear = try #require(try network.stateDictionary()["3.weight"]).floats()
    try network.initialize(convolutions: .normal(standardDeviation: 0.02), generator: generator)
    let state = try network.stateDictionary()
    for name in ["0.weight", "2.weight"] {
      let values = try #require(state[name]).elements(as: Double.self)
      #expect(abs(deviation(values) / 0.02 - 1) < 0.05)
    }
    for name in ["0.bias", "2.bias"] { #expect(try #require(state[name]).floats().allSatisfy { $0 == 0 }) }
    #expect(try #require(state["1.0.weight"]).floats().allSatisfy { $0 == 1 })
    #expect(try #require(state["3.weight"]).floats() == linear)
  }
}
