import Layers
import Torch

/// The 70×70 PatchGAN: says for each overlapping patch of 70 pixels how real it looks (Isola et al., CVPR 2017).
///
/// Its output is a map of scores, without sigmoid; the loss is taken per patch.
///
/// Shapes: [N, inputs, H, W] → [N, 1, H/8 − 2, W/8 − 2].
public final class PatchDiscriminator: Layer {
  let model: Sequential

  /// - Parameter antialiasing: halve by a blur after each activation instead of by the convolutions' strides, as CUT does.
  ///   The map has the same shape; a patch is then 84 pixels wide, of which the outermost hardly count.
  public init(
    inputs: Int = 3, filters: Int = 64, antialiasing: Bool = false, generator: Generator
  ) throws(TorchError) {
    func convolution(_ from: Int, _ to: Int, stride: Int = 1) throws(TorchError) -> Conv2d {
      try Conv2d(from, to, kernel: 4, stride: stride, padding: 1, generator: generator)
    }
    var layers: [any Layer] = []
    for (stage, (from, to)) in [(inputs, filters), (filters, 2 * filters), (2 * filters, 4 * filters)].enumerated() {
      layers.append(try convolution(from, to, stride: antialiasing ? 1 : 2))
      if stage > 0 { layers.append(try InstanceNorm2d(to)) }  // no norm on the first layer
      layers.append(LeakyReLU(0.2))
      if antialiasing { layers.append(try BlurDownsample(to)) }
    }
    layers += [
      try convolution(4 * filters, 8 * filters),
      try InstanceNorm2d(8 * filters),
      LeakyReLU(0.2),
      try convolution(8 * filters, 1),
    ]
    model = Sequential(layers)
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try model(input) }
}
