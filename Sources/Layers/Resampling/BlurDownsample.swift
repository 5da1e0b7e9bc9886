import Torch

/// Halves images without aliasing: blurs with the binomial filter ¼, ½, ¼ along both axes and keeps every second pixel
/// (Zhang, *Making Convolutional Networks Shift-Invariant Again*, ICML 2019). The margin is mirrored.
///
/// Shapes: [N, channels, H, W] → [N, channels, ⌈H / 2⌉, ⌈W / 2⌉].
public final class BlurDownsample: Layer {
  /// [channels, 1, 3, 3], never trained; part of the state, under the name that published checkpoints give it.
  public let filt: Buffer
  public let channels: Int

  public init(_ channels: Int) throws(TorchError) {
    precondition(channels > 0)
    let line: [Float] = [0.25, 0.5, 0.25]
    let filter = try Tensor(line.flatMap { y in line.map { x in y * x } }, shape: [1, 1, 3, 3])
    filt = Buffer(try filter.repeated([channels, 1, 1, 1]))
    self.channels = channels
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.padded(1, .reflect).conv2d(filt.tensor, stride: 2, groups: channels)
  }
}
