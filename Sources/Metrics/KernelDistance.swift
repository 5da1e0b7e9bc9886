import Randomness
import Torch

/// The kernel Inception distance: the squared maximum mean discrepancy of two sets of features under the kernel
/// (x·y / D + 1)³, unbiased (Bińkowski et al., ICLR 2018). It may be below 0, and unlike the Fréchet distance does not depend on
/// how many images there are.
public struct KernelDistance: Sendable, Equatable {
  public let value: Double
  /// Holds 95 %: see `method`.
  public let interval: ClosedRange<Double>
  /// How value and interval were made, in words.
  public let method: String

  /// Sets of at least twice this many images are compared by subsets of so many.
  private static let subsetSize = 1000

  /// Large sets: the mean over `subsets` pairs of subsets of 1000, and ±1.96 standard errors of it, as clean-fid has it. Smaller
  /// ones: the whole sets, and the bootstrap's percentiles, in which copies of an image form no pair.
  ///
  /// Shapes: [N, D], [M, D] with N and M of at least 2.
  public init(
    _ first: Tensor, _ second: Tensor, subsets: Int = 100, draws: Int = 1000, seed: UInt64 = 0
  ) throws(TorchError) {
    let (x, y) = (try first.converted(to: .float64), try second.converted(to: .float64))
    let (n, m) = (x.shape[0], y.shape[0])
    precondition(n > 1 && m > 1 && x.shape[1] == y.shape[1], "two sets of two images or more with the same features")
    var random = SeededGenerator(seed: seed, purpose: "kernel distance")
    guard min(n, m) < 2 * Self.subsetSize else {
      var values: [Double] = []
      for _ in 0..<subsets {
        let part = try x.selected(0, Self.subset(of: n, &random))
        values.append(try Self.discrepancy(part, y.selected(0, Self.subset(of: m, &random))))
      }
      let mean = values.reduce(0, +) / Double(subsets)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(subsets - 1, 1))
      let half = 1.96 * (variance / Double(subsets)).squareRoot()
      value = mean
      interval = mean - half...mean + half
      method = "mean over \(subsets) subsets of \(Self.subsetSize)"
      return
    }
    let kernels = try Kernels(x, y)
    let ones = (try Self.ones(n), try Self.ones(m))
    value = try kernels.discrepancy(ones.0, ones.1).item()
    let weights = (try Self.resamples(n, draws, &random), try Self.resamples(m, draws, &random))
    let samples = try kernels.discrepancy(weights.0, weights.1).elements(as: Double.self).sorted()
    interval = Quantiles.sample(samples, 0.025)...Quantiles.sample(samples, 0.975)
    method = "whole sets, \(draws) bootstrap draws"
  }

  /// The value alone: of all images, each once, or those of `x` as often as `weights` [1, N] says.
  static func discrepancy(_ x: Tensor, _ y: Tensor, weights: Tensor? = nil) throws(TorchError) -> Double {
    let once = try ones(x.shape[0])
    return try Kernels(x, y).discrepancy(weights ?? once, ones(y.shape[0])).item()
  }

  /// The kernel between all pairs.
  private struct Kernels {
    let first: Tensor
    let second: Tensor
    let between: Tensor
    /// Each image with itself.
    let (firstOwn, secondOwn): (Tensor, Tensor)

    init(_ x: Tensor, _ y: Tensor) throws(TorchError) {
      let (x, y) = (try x.converted(to: .float64), try y.converted(to: .float64))
      let scale = Double(x.shape[1])
      func kernel(_ product: Tensor) throws(TorchError) -> Tensor { try (product / scale + 1).power(3) }
      first = try kernel(x.matmul(x.transposed(0, 1)))
      second = try kernel(y.matmul(y.transposed(0, 1)))
      between = try kernel(x.matmul(y.transposed(0, 1)))
      firstOwn = try kernel(x.squared().sum([1]))
      secondOwn = try kernel(y.squared().sum([1]))
    }

    /// Of images that count several times or never.
    ///
    /// Shapes: [B, N], [B, M] → [B].
    func discrepancy(_ v: Tensor, _ w: Tensor) throws(TorchError) -> Tensor {
      let cross = try (v.matmul(between) * w).sum([1]) / (v.sum([1]) * w.sum([1]))
      return try Self.within(first, firstOwn, v) + Self.within(second, secondOwn, w) - cross * 2
    }

    private static func within(_ kernel: Tensor, _ own: Tensor, _ weights: Tensor) throws(TorchError) -> Tensor {
      let squares = try weights.squared()
      let pairs = try (weights.matmul(kernel) * weights).sum([1]) - squares.matmul(own)
      return try pairs / (weights.sum([1]).squared() - squares.sum([1]))
    }
  }

  private static func ones(_ count: Int) throws(TorchError) -> Tensor { try .ones([1, count], type: .float64) }

  /// How often each image was drawn, in so many draws of `count` with replacement: [draws, count].
  private static func resamples(
    _ count: Int, _ draws: Int, _ random: inout SeededGenerator
  ) throws(TorchError) -> Tensor {
    var times = [Double](repeating: 0, count: draws * count)
    for draw in 0..<draws { for _ in 0..<count { times[draw * count + random.int(below: count)] += 1 } }
    return try Tensor(times, shape: [draws, count])
  }

  private static func subset(of count: Int, _ random: inout SeededGenerator) throws(TorchError) -> Tensor {
    let chosen = random.shuffled(Array(0..<count)).prefix(subsetSize).map(Int64.init)
    return try Tensor(chosen)
  }
}
