import Layers
import Torch

/// The generator of CycleGAN: two halvings, residual blocks, two doublings (Zhu et al., ICCV 2017, appendix 7.2).
///
/// State dictionary names are those of the published checkpoints (`model.1.weight`, `model.10.conv_block.1.weight`, …).
/// Convolutions keep their bias in front of instance norm, where it has no effect, for the same reason.
///
/// Shapes: [N, inputs, H, W] in [−1, 1], H and W divisible by 4 → [N, outputs, H, W] in [−1, 1].
public final class ResNetGenerator: Layer {
  /// How a picture is doubled.
  public enum Upsampling: String, Codable, CaseIterable, Sendable {
    /// By transposed convolutions, as published. Their kernels of 3 overlap unevenly at a stride of 2, which draws
    /// checkerboards until training has evened them out.
    case transposed
    /// By linear interpolation in front of convolutions (Odena, Dumoulin and Olah, Distill 2016): no checkerboards. The
    /// parameters are as many, their places in the model others.
    case resize
  }

  let model: Sequential
  let inputs: Int
  /// Whether the model gives the change of the picture in place of the picture.
  let isResidual: Bool
  /// How many of the model's layers come before the first doubling.
  let encoderLayers: Int

  /// - Parameters:
  ///   - blocks: 9 for 256 pixels and more, 6 below.
  ///   - antialiasing: halve by a blur after each activation instead of by the convolutions' strides, as CUT does, which
  ///     goes with `.resize`.
  ///   - residual: add what the model gives to its input's first channels. Such a generator begins with the picture as it is,
  ///     and learns what to change; the published one has to learn to draw the surface first.
  public init(
    inputs: Int = 3, outputs: Int = 3, filters: Int = 64, blocks: Int = 9, antialiasing: Bool = false,
    upsampling: Upsampling = .transposed, residual: Bool = false, generator: Generator
  ) throws(TorchError) {
    precondition(!residual || inputs >= outputs, "a change needs a picture to be added to")
    var layers: [any Layer] = [
      ReflectionPad2d(3),
      try Conv2d(inputs, filters, kernel: 7, generator: generator),
      try InstanceNorm2d(filters),
      ReLU(),
    ]
    for channels in [filters, 2 * filters] {
      layers += [
        try Conv2d(
          channels, 2 * channels, kernel: 3, stride: antialiasing ? 1 : 2, padding: 1, generator: generator),
        try InstanceNorm2d(2 * channels),
        ReLU(),
      ]
      if antialiasing { layers.append(try BlurDownsample(2 * channels)) }
    }
    for _ in 0..<blocks { layers.append(try ResidualBlock(channels: 4 * filters, generator: generator)) }
    encoderLayers = layers.count
    for channels in [4 * filters, 2 * filters] {
      switch upsampling {
      case .transposed:
        layers.append(
          try ConvTranspose2d(
            channels, channels / 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1, generator: generator))
      case .resize:
        // CUT's transposed blur with ¼, ¾, ¾, ¼ along both axes, its margin repeated, is linear interpolation.
        layers += [
          Upsample(2, .bilinear), try Conv2d(channels, channels / 2, kernel: 3, padding: 1, generator: generator),
        ]
      }
      layers += [try InstanceNorm2d(channels / 2), ReLU()]
    }
    layers += [ReflectionPad2d(3), try Conv2d(filters, outputs, kernel: 7, generator: generator), Tanh()]
    model = Sequential(layers)
    self.inputs = inputs
    isResidual = residual
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try check(input)
    return try picture(model(input), of: input)
  }

  /// The same up to rounding, in strips of `rows` rows (a multiple of 4) where memory is short; without gradients.
  public func callAsFunction(_ input: Tensor, strips rows: Int) throws(TorchError) -> Tensor {
    try check(input)
    return try picture(model(input, strips: rows), of: input)
  }

  /// What the model gave, or the input changed by it.
  func picture(_ made: Tensor, of input: Tensor) throws(TorchError) -> Tensor {
    guard isResidual else { return made }
    return try (input.sliced(1, 0..<made.shape[1]) + made).clamped(-1, 1)
  }

  func check(_ input: Tensor) throws(TorchError) {
    let shape = input.shape
    guard shape.count == 4, shape[2] % 4 == 0, shape[3] % 4 == 0 else {
      throw TorchError(.operation, "the generator takes [N, C, H, W] with H and W divisible by 4, not \(shape)")
    }
  }
}
