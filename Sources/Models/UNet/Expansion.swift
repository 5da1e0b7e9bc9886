import Layers
import Torch

/// A step of the expansive path: doubled with half of the channels, put together with the step of the contracting path of
/// the same size, and convolved twice (Ronneberger et al., MICCAI 2015, figure 1 right).
///
/// Shapes: [N, 2·channels, H, W] and the skipped [N, channels, 2·H, 2·W] → [N, channels, 2·H, 2·W].
public final class Expansion: Module {
  let up: UpConvolution
  let convolutions: DoubleConvolution

  public init(
    _ channels: Int, upsampling: UNet.Upsampling, generator: Generator
  ) throws(TorchError) {
    up = try UpConvolution(channels, upsampling, generator: generator)
    convolutions = try DoubleConvolution(2 * channels, channels, generator: generator)
  }

  public func callAsFunction(_ input: Tensor, skipped: Tensor) throws(TorchError) -> Tensor {
    try convolutions(.concatenated([skipped, up(input)], 1))  // [N, 2·channels, 2·H, 2·W] in between
  }
}

/// Doubles the sides and halves the channels.
///
/// Shapes: [N, 2·channels, H, W] → [N, channels, 2·H, 2·W].
public final class UpConvolution: Layer {
  let transposed: ConvTranspose2d?
  let projection: Conv2d?

  public init(_ channels: Int, _ upsampling: UNet.Upsampling, generator: Generator) throws(TorchError) {
    switch upsampling {
    case .transposed:
      transposed = try ConvTranspose2d(2 * channels, channels, kernel: 2, stride: 2, generator: generator)
      projection = nil
    case .bilinear:
      transposed = nil
      projection = try Conv2d(2 * channels, channels, kernel: 1, generator: generator)
    }
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    if let transposed { return try transposed(input) }
    guard let projection else { return input }
    // Interpolation and a 1×1 convolution may change places, as the weights of either sum act on another dimension: in
    // front it costs a quarter.
    let small = try projection(input)  // [N, channels, H, W]
    return try small.resized(height: 2 * small.shape[2], width: 2 * small.shape[3])
  }
}
