import Testing
import Torch

/// Mirrored margins of bfloat16 images, which libtorch has no part in.
@Suite struct MirroredMarginTests {
  struct Case: CustomTestStringConvertible {
    /// Images, channels, height, width.
    let shape: [Int]
    let left: Int, right: Int, top: Int, bottom: Int
    var testDescription: String { "\(shape), \(left) \(right) \(top) \(bottom)" }
  }

  /// Margins of one and three pixels, none, different ones, and as wide as an image allows, where places have two mirror
  /// images along each axis.
  static let cases = [
    Case(shape: [2, 3, 9, 8], left: 3, right: 3, top: 3, bottom: 3),
    Case(shape: [1, 64, 7, 12], left: 1, right: 1, top: 1, bottom: 1),
    Case(shape: [3, 5, 6, 11], left: 0, right: 4, top: 2, bottom: 0),
    Case(shape: [1, 2, 4, 5], left: 4, right: 4, top: 3, bottom: 3),
    Case(shape: [2, 1, 1, 3], left: 2, right: 1, top: 0, bottom: 0),
  ]

  @Test(arguments: cases, [false, true])
  func agreesWithLibtorchInFloat64(of example: Case, channelsLast: Bool) throws {
    let generator = try Generator(seed: 51)
    let x = try Tensor.normal(example.shape, generator: generator).contiguous(channelsLast: channelsLast)
      .converted(to: .bfloat16)
    func pad(_ x: Tensor) throws -> Tensor {
      try x.padded(left: example.left, right: example.right, top: example.top, bottom: example.bottom, .reflect)
    }
    let slope = try Tensor.normal(pad(x).shape, generator: generator).converted(to: .bfloat16)
    let own = try KernelCheck.passes([x], slope, .automatic) { leaves, _ in try pad(leaves[0]) }
    let exact = try KernelCheck.passes([x.converted(to: .float64)], slope, .automatic) { leaves, _ in try pad(leaves[0])
    }
    for (own, exact) in zip(own, exact) {
      #expect(own.type == .bfloat16)
      // Rounded once, from the sum.
      #expect(
        try own.converted(to: .float64).equal(exact.converted(to: .bfloat16).converted(to: .float64)).all().item() == 1)
    }
  }

  @Test func autocastLeavesTheTypeAlone() throws {
    let x = try Tensor.normal([1, 4, 6, 6], generator: Generator(seed: 52)).converted(to: .bfloat16)
    let padded = try withAutocast(.bfloat16, on: .cpu) { try x.padded(2, .reflect) }
    #expect(padded.type == .bfloat16)
  }

  @Test func marginsWiderThanTheImageAreLibtorchsError() throws {
    let x = try Tensor.zeros([1, 4, 3, 3]).converted(to: .bfloat16)
    #expect(throws: TorchError.self) { try x.padded(3, .reflect) }
  }
}
