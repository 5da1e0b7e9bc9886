import Testing
import Torch

/// The 3 × 3 convolution with a mirrored margin.
@Suite struct WinogradTests {
  /// Images, height, width, inputs, outputs: odd sides, the smallest image, many channels, both sizes of tiles, more than one band.
  static let shapes =
    [
      [1, 2, 2, 16, 16], [2, 5, 7, 17, 33], [1, 16, 16, 32, 32], [5, 3, 9, 16, 48], [1, 12, 18, 64, 16],
      [1, 6, 5, 513, 16], [3, 23, 24, 20, 31], [1, 50, 45, 16, 512],
      // Rows that fill strips of 16, and outputs that fill tiles, of the matrix unit.
      [2, 2, 3, 40, 32], [1, 3, 2, 16, 64], [2, 17, 16, 48, 96], [1, 70, 31, 33, 64], [3, 35, 15, 32, 32],
    ]
    + {
      var draw = ShapeDraw(seed: 31)
      return (0..<8).map { _ in
        [draw.int(1...5), draw.int(2...29), draw.int(2...29), draw.channels(from: 16), draw.channels(from: 16)]
      }
    }()

  private func leaves(_ s: [Int], _ generator: Generator) throws -> [Tensor] {
    [
      try Tensor.normal([s[0], s[3], s[1], s[2]], generator: generator),
      try Tensor.normal([s[4], s[3], 3, 3], standardDeviation: 0.05, generator: generator),
      try Tensor.normal([s[4]], generator: generator),
    ]
  }

  private let operation: KernelCheck.Operation = { try $0[0].reflectedConv3x3($0[1], $0[2], kernels: $1) }

  @Test(arguments: KernelCheck.available, shapes)
  func agreesWithLibtorch(kernels: Kernels, shape: [Int]) throws {
    let generator = try Generator(seed: 7)
    try KernelCheck.expectExact(kernels, leaves(shape, generator), generator: generator, "\(shape)", operation)
  }

  @Test(arguments: KernelCheck.available)
  func differentiates(kernels: Kernels) throws {
    let generator = try Generator(seed: 8)
    try KernelCheck.expectDifferentiates(
      kernels, leaves([2, 9, 14, 20, 33], generator), generator: generator, "the convolution", operation)
  }

  @Test(arguments: KernelCheck.available)
  func theSameInputGivesTheSameBytes(kernels: Kernels) throws {
    try KernelCheck.expectSameBytesTwice(leaves([2, 13, 11, 32, 16], Generator(seed: 9)), kernels, operation)
  }

  @Test func atLeastOneSetRuns() { #expect(!KernelCheck.available.isEmpty) }
}
