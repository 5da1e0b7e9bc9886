import Layers
import Torch

/// Instance norm in single operations, as somebody might write it: a bias in front of it then has a gradient of rounding.
final class SlowInstanceNorm: Layer {
  func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let centred = try input - input.mean([2, 3], keep: true)
    return try centred / (centred.squared().mean([2, 3], keep: true) + 1e-5).sqrt()
  }
}

/// Instance norm that keeps running statistics and takes them in evaluation, as `track_running_stats` does.
final class RunningInstanceNorm: Layer, ModeSwitching {
  let runningMean: Buffer
  let runningVar: Buffer
  var isTraining = true

  init(_ channels: Int) throws {
    runningMean = Buffer(try .zeros([1, channels, 1, 1]))
    runningVar = Buffer(try .ones([1, channels, 1, 1]))
  }

  func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    guard isTraining else { return try (input - runningMean.tensor) / (runningVar.tensor + 1e-5).sqrt() }
    let mean = try input.mean([2, 3], keep: true)
    let variance = try (input - mean).squared().mean([2, 3], keep: true)
    try withoutGradients { () throws(TorchError) in
      try runningMean.tensor.interpolate(to: mean.mean([0], keep: true), weight: 0.1)
      try runningVar.tensor.interpolate(to: variance.mean([0], keep: true), weight: 0.1)
    }
    return try (input - mean) / (variance + 1e-5).sqrt()
  }
}

/// A norm over all images of the batch, in training and evaluation alike.
final class BatchMixingNorm: Layer {
  func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let centred = try input - input.mean([0, 2, 3], keep: true)
    return try centred / (centred.squared().mean([0, 2, 3], keep: true) + 1e-5).sqrt()
  }
}
