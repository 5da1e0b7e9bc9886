import Torch

/// How a trainer uses its device. Weights, names and checkpoints are the same either way, but for the last digits.
public struct TrainingExecution: Equatable, Sendable {
  /// Images and weights of convolutions have their channels innermost in memory. On CUDA cuDNN's convolutions like that,
  /// libtorch's instance norms do not: on an H200 they copied so much that all in all rows innermost were faster.
  public var channelsLast: Bool
  /// The device decides by itself whether a loss is finite, so that a step never waits for it.
  public var defersChecks: Bool
  /// CUDA: cuDNN times its algorithms at the first step and keeps the fastest, which may differ from run to run. False
  /// takes deterministic ones; the gradient of reflection padding sums in no fixed order on CUDA even then.
  public var timesAlgorithms: Bool
  /// CUDA: convolutions of float32 numbers multiply with 10 bits of mantissa where the GPU can (TF32).
  public var allowsTF32: Bool

  /// What suits a device. On CUDA TF32 is on, as PyTorch has it for convolutions; comparisons with a CPU need it off.
  public init(on device: Device) {
    let isCUDA = device != .cpu
    channelsLast = false
    defersChecks = isCUDA
    timesAlgorithms = isCUDA
    allowsTF32 = isCUDA
  }

  /// Tells libtorch how to compute on a device; nothing for a CPU.
  func configure(_ device: Device) throws(TorchError) {
    guard device != .cpu else { return }
    try Runtime.configureCUDA(timesAlgorithms: timesAlgorithms, allowsTF32: allowsTF32)
  }
}
