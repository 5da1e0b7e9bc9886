import TestSupport
import Testing
import Torch

/// Kernels share their work among threads; how many there are may change the last digits of sums and nothing else.
@Suite struct KernelThreadsTests {
  enum Form: CaseIterable, Sendable {
    case winograd, strips, strided, transposed, thin, norm

    func leaves(_ generator: Generator) throws -> [Tensor] {
      func random(_ shape: Int...) throws -> Tensor {
        try Tensor.normal(shape, standardDeviation: 0.3, generator: generator)
      }
      return switch self {
      case .winograd: [try random(3, 48, 13, 11), try random(33, 48, 3, 3), try random(33)]
      case .strips: [try random(3, 40, 17, 31), try random(64, 40, 3, 3), try random(64)]
      case .strided: [try random(3, 17, 15, 12), try random(40, 17, 3, 3), try random(40)]
      case .transposed: [try random(3, 33, 9, 7), try random(33, 20, 3, 3), try random(20)]
      case .thin: [try random(2, 32, 14, 15), try random(3, 32, 7, 7), try random(3)]
      case .norm: [try random(3, 40, 12, 9), try random(3, 40, 12, 9)]
      }
    }

    func apply(_ leaves: [Tensor], _ kernels: Kernels) throws -> Tensor {
      switch self {
      case .winograd, .strips: try leaves[0].reflectedConv3x3(leaves[1], leaves[2], kernels: kernels)
      case .strided: try leaves[0].conv2d(leaves[1], leaves[2], stride: 2, padding: 1, kernels: kernels)
      case .transposed:
        try leaves[0].convTranspose2d(leaves[1], leaves[2], stride: 2, padding: 1, outputPadding: 1, kernels: kernels)
      case .thin: try leaves[0].conv2d(leaves[1], leaves[2], kernels: kernels)
      case .norm: try leaves[0].instanceNorm(slope: 0.2, adding: leaves[1], kernels: kernels)
      }
    }
  }

  @Test(arguments: KernelCheck.available, Form.allCases)
  func onlyLastDigitsDependOnThem(kernels: Kernels, form: Form) throws {
    func results(threads: Int) throws -> [Tensor] {
      try onAThread(with: threads) {
        let generator = try Generator(seed: 51)
        let leaves = try form.leaves(generator)
        let slope = try Tensor.normal(form.apply(leaves, .libtorch).shape, generator: generator)
        return try KernelCheck.passes(leaves, slope, kernels, form.apply)
      }
    }
    let expected = try results(threads: 2)
    for threads in [1, 3, 5] {
      for (index, (tensor, expected)) in zip(try results(threads: threads), expected).enumerated() {
        let off = try KernelCheck.error(tensor, expected)
        #expect(off <= 1e-6, "\(KernelCheck.name(index)) on \(threads) threads is off by \(off)")
      }
    }
  }
}
