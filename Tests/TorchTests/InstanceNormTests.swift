import Testing
import Torch

/// Instance norm with its activation and the sum of a residual block.
@Suite struct InstanceNormTests {
  /// Images, channels, height, width. Of two pixels the gradient is all cancellation: (1 − x̂²) with x̂ next to ±1.
  static let shapes =
    [[1, 1, 1, 5], [2, 3, 5, 7], [1, 64, 16, 16], [5, 17, 3, 1], [2, 513, 4, 3], [1, 33, 31, 29]]
    + {
      var draw = ShapeDraw(seed: 41)
      return (0..<8).map { _ in [draw.int(1...5), draw.channels(), draw.int(2...19), draw.int(1...19)] }
    }()

  /// The norm's input has a mean that is large beside its spread, as after a convolution with a bias.
  private func leaves(_ shape: [Int], residual: Bool, _ generator: Generator) throws -> [Tensor] {
    let x = try Tensor.normal(shape, generator: generator) + 3
    return residual ? [x, try Tensor.normal(shape, generator: generator)] : [x]
  }

  private func operation(slope: Double) -> KernelCheck.Operation {
    { leaves, kernels in
      let residual = leaves.count > 1 ? try leaves[1].converted(to: leaves[0].type) : nil
      return try leaves[0].instanceNorm(slope: slope, adding: residual, kernels: kernels)
    }
  }

  @Test(arguments: KernelCheck.available, shapes)
  func agreesWithLibtorch(kernels: Kernels, shape: [Int]) throws {
    for (slope, residual) in [(1.0, false), (0.0, false), (0.2, false), (1.0, true), (0.0, true)] {
      let generator = try Generator(seed: 21)
      try KernelCheck.expectExact(
        kernels, leaves(shape, residual: residual, generator), generator: generator,
        "\(shape), slope \(slope), residual \(residual)", operation(slope: slope))
    }
  }

  @Test(arguments: KernelCheck.available)
  func differentiates(kernels: Kernels) throws {
    let generator = try Generator(seed: 22)
    try KernelCheck.expectDifferentiates(
      kernels, leaves([2, 20, 9, 7], residual: true, generator), generator: generator, "the norm", operation(slope: 0.2)
    )
  }

  @Test(arguments: KernelCheck.available)
  func theSameInputGivesTheSameBytes(kernels: Kernels) throws {
    let leaves = try leaves([3, 33, 13, 11], residual: true, Generator(seed: 23))
    try KernelCheck.expectSameBytesTwice(leaves, kernels, operation(slope: 0))
  }
}
