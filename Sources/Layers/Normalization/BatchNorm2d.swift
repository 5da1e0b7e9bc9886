import Torch

/// Each channel to mean 0 and variance 1 over the batch, then weight and bias (Ioffe and Szegedy, 2015, algorithm 1).
///
/// In training with the batch's own statistics, and the running ones move towards them: running ← (1 − momentum) ·
/// running + momentum · batch (PyTorch's sense: the new value's share), where the variance that runs is the unbiased one
/// and the variance that normalises the biased one. In evaluation with the running statistics.
/// Shapes: [N, channels, H, W] → the same.
public final class BatchNorm2d: Layer, ModeSwitching {
  /// [channels], starts as ones.
  public let weight: Parameter
  /// [channels], starts as zeros.
  public let bias: Parameter
  /// [channels], starts as zeros.
  public let runningMean: Buffer
  /// [channels], starts as ones. Named for PyTorch's `running_var`.
  public let runningVar: Buffer
  /// int64 []. Counts training batches; kept so that checkpoints have the same entries as PyTorch's.
  public let numBatchesTracked: Buffer
  public let momentum: Double
  public let epsilon: Double
  public var isTraining = true

  public init(_ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5) throws(TorchError) {
    precondition(channels > 0 && epsilon > 0 && (0...1).contains(momentum))
    weight = try Parameter(.ones([channels]))
    bias = try Parameter(.zeros([channels]))
    runningMean = Buffer(try .zeros([channels]))
    runningVar = Buffer(try .ones([channels]))
    numBatchesTracked = Buffer(try .zeros([], type: .int64))
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let output = try input.batchNorm(
      weight.tensor, bias.tensor, runningMean: runningMean.tensor, runningVariance: runningVar.tensor,
      training: isTraining, momentum: momentum, epsilon: epsilon)
    if isTraining {
      let count = numBatchesTracked.tensor
      try count.copy(from: count.converted(to: .float64) + 1)
    }
    return output
  }
}
