import TestSupport
import Testing
import Torch

/// The 3 × 3 convolution by each instruction set that this processor has, against libtorch in float64.
@Suite struct WinogradTests {
  static let available: [Kernels] = [.avx512bf16, .avx512, .avx2].filter { kernels in
    guard let x = try? Tensor.zeros([1, 16, 4, 4]), let weight = try? Tensor.zeros([16, 16, 3, 3]) else { return false }
    return (try? x.reflectedConv3x3(weight, kernels: kernels)) != nil
  }

  /// Images, height, width, inputs, outputs: odd sides, the smallest image, many channels, both sizes of tiles.
  static let shapes = [
    [1, 2, 2, 16, 16], [2, 5, 7, 17, 33], [1, 16, 16, 32, 32], [5, 3, 9, 16, 48], [1, 12, 18, 64, 16],
    [1, 6, 5, 513, 16], [3, 23, 24, 20, 31],
  ]

  private func outputs(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ slope: Tensor, _ kernels: Kernels) throws
    -> [Tensor]
  {
    let leaves = try [x, weight, bias].map { try $0.detached().cloned() }
    for leaf in leaves { try leaf.setRequiresGradient(true) }
    let y = try leaves[0].reflectedConv3x3(leaves[1], leaves[2], kernels: kernels)
    let gradients = try y.gradients(of: leaves, cotangent: slope.converted(to: y.type))
    return try [y.detached()] + gradients.map { try #require($0) }
  }

  /// √(Σ (a − b)² / Σ b²).
  private func error(_ a: Tensor, _ b: Tensor) throws -> Double {
    let b = try b.converted(to: .float64)
    return try ((a.converted(to: .float64) - b).norm() / b.norm()).item()
  }

  @Test(arguments: available, shapes)
  func agreesWithLibtorch(kernels: Kernels, shape: [Int]) throws {
    let (n, h, w, c, k) = (shape[0], shape[1], shape[2], shape[3], shape[4])
    let generator = try Generator(seed: 7)
    let x = try Tensor.normal([n, c, h, w], generator: generator)
    let weight = try Tensor.normal([k, c, 3, 3], standardDeviation: 0.05, generator: generator)
    let bias = try Tensor.normal([k], generator: generator)
    let slope = try Tensor.normal([n, k, h, w], generator: generator)
    let exact = try outputs(
      x.converted(to: .float64), weight.converted(to: .float64), bias.converted(to: .float64),
      slope.converted(to: .float64), .libtorch)
    for (name, (own, exact)) in zip(
      ["output", "input", "weight", "bias"], zip(try outputs(x, weight, bias, slope, kernels), exact))
    {
      let off = try error(own, exact)
      #expect(off <= 1e-5, "\(name) of \(shape) by \(kernels) is off by \(off)")
    }
    // Activations in bfloat16: no worse than libtorch's own.
    let half = try x.converted(to: .bfloat16)
    let own = try error(half.reflectedConv3x3(weight, bias, kernels: kernels), exact[0])
    let theirs = try error(
      half.reflectedConv3x3(weight.converted(to: .bfloat16), bias.converted(to: .bfloat16), kernels: .libtorch),
      exact[0])
    #expect(own <= theirs * 1.01, "\(shape) by \(kernels) in bfloat16 is off by \(own), libtorch by \(theirs)")
  }

  @Test(arguments: available)
  func theSameInputGivesTheSameBytes(kernels: Kernels) throws {
    let generator = try Generator(seed: 8)
    let x = try Tensor.normal([2, 32, 13, 11], generator: generator)
    let weight = try Tensor.normal([16, 32, 3, 3], generator: generator)
    #expect(
      try x.reflectedConv3x3(weight, kernels: kernels).bytes()
        == x.reflectedConv3x3(weight, kernels: kernels).bytes())
  }

  @Test func atLeastOneSetRuns() { #expect(!Self.available.isEmpty) }
}
