import Testing
import Torch

/// What the tests of Patina's own kernels share: each instruction set of this processor against libtorch in float64.
enum KernelCheck {
  static let available: [Kernels] = [.amx, .avx512bf16, .avx512, .avx2].filter { kernels in
    guard let x = try? Tensor.zeros([1, 16, 4, 4]), let weight = try? Tensor.zeros([16, 16, 3, 3]) else { return false }
    return (try? x.reflectedConv3x3(weight, kernels: kernels)) != nil
  }

  /// An operation on some leaves (an image first) by some kernels.
  typealias Operation = ([Tensor], Kernels) throws -> Tensor

  /// Forward and all gradients: float32 within 1e-5 of float64; bfloat16 images no further from it than libtorch's own.
  static func expectExact(
    _ kernels: Kernels, _ leaves: [Tensor], generator: Generator, _ what: String, _ operation: Operation
  ) throws {
    let double = try leaves.map { try $0.converted(to: .float64) }
    let slope = try Tensor.normal(operation(double, .libtorch).shape, generator: generator)
    let exact = try passes(double, slope, .libtorch, operation)
    for (index, (own, exact)) in zip(try passes(leaves, slope, kernels, operation), exact).enumerated() {
      let off = try error(own, exact)
      #expect(off <= 1e-5, "\(name(index)) of \(what) by \(kernels) is off by \(off)")
    }
    // The weights stay float32 in training; libtorch's own kernels want them in bfloat16.
    let half = try leaves.map { try $0.converted(to: .bfloat16) }
    let halfSlope = try slope.converted(to: .bfloat16)
    let mixed = try [half[0]] + half.dropFirst().map { try $0.converted(to: .float32) }
    let own = try passes(mixed, halfSlope, kernels, operation)
    let theirs = try passes(half, halfSlope, .libtorch, operation)
    let rounded = try passes(half.map { try $0.converted(to: .float64) }, halfSlope, .libtorch, operation)
    for (index, ((own, theirs), exact)) in zip(zip(own, theirs), rounded).enumerated() {
      let (off, allowed) = (try error(own, exact), try error(theirs, exact))
      #expect(
        off <= allowed * 1.02 + 1e-5,
        "bfloat16: \(name(index)) of \(what) by \(kernels) is off by \(off), libtorch \(allowed)")
    }
  }

  /// The gradients against differences of the operation itself in float64, along a random direction.
  static func expectDifferentiates(
    _ kernels: Kernels, _ leaves: [Tensor], generator: Generator, _ what: String, _ operation: Operation
  ) throws {
    let double = try leaves.map { try $0.converted(to: .float64) }
    let slope = try Tensor.normal(operation(double, .libtorch).shape, generator: generator)
    let gradients = try passes(leaves, slope, kernels, operation).dropFirst()
    for (index, gradient) in gradients.enumerated() {
      let direction = try Tensor.normal(leaves[index].shape, generator: generator).converted(to: .float64)
      let h = 1e-6
      func value(at step: Double) throws -> Double {
        var moved = double
        moved[index] = try moved[index] + direction * step
        return try (operation(moved, .libtorch) * slope.converted(to: .float64)).sum().item()
      }
      let difference = try (value(at: h) - value(at: -h)) / (2 * h)
      let analytic = try (gradient.converted(to: .float64) * direction).sum().item()
      let scale = try gradient.converted(to: .float64).norm().item() * direction.norm().item()
      #expect(
        abs(difference - analytic) <= 1e-5 * scale,
        "\(name(index + 1)) of \(what) by \(kernels): \(analytic), \(difference)")
    }
  }

  static func expectSameBytesTwice(_ leaves: [Tensor], _ kernels: Kernels, _ operation: Operation) throws {
    let slope = try operation(leaves, kernels).detached()
    let once = try passes(leaves, slope, kernels, operation), again = try passes(leaves, slope, kernels, operation)
    for (a, b) in zip(once, again) { #expect(try a.bytes() == b.bytes()) }
  }

  /// The output, then the gradient of each leaf.
  static func passes(
    _ leaves: [Tensor], _ slope: Tensor, _ kernels: Kernels, _ operation: Operation
  ) throws -> [Tensor] {
    let leaves = try leaves.map { try $0.detached().cloned() }
    for leaf in leaves { try leaf.setRequiresGradient(true) }
    let y = try operation(leaves, kernels)
    let gradients = try y.gradients(of: leaves, cotangent: slope.converted(to: y.type))
    return try [y.detached()] + gradients.map { try #require($0) }
  }

  static func name(_ index: Int) -> String { index == 0 ? "output" : "gradient \(index)" }

  /// √(Σ (a − b)² / Σ b²); where b is all zeros, a must be as good as that.
  static func error(_ a: Tensor, _ b: Tensor) throws -> Double {
    let b = try b.converted(to: .float64)
    let size: Double = try b.norm().item()
    return try (a.converted(to: .float64) - b).norm().item() / max(size, 1e-30)
  }
}

/// Random shapes that repeat: small, odd, with many and few channels.
struct ShapeDraw {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func int(_ range: ClosedRange<Int>) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + Int((state >> 33) % UInt64(range.count))
  }

  /// 1 to 513, small numbers more often than large ones.
  mutating func channels(from least: Int = 1) -> Int { max(least, int(1...(1 << int(1...9))) + int(0...1)) }
}
