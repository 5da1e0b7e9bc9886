import Layers
import Torch

/// The 70×70 PatchGAN: says for each overlapping patch of 70 pixels how real it looks (Isola et al., CVPR 2017).
///
/// Its output is a map of scores, without sigmoid; the loss is taken per patch.
///
/// Shapes: [N, inputs, H, W] → [N, 1, H/8 − 2, W/8 − 2].
public final class PatchDiscriminator: Layer {
  let model: Sequential

  public init(inputs: Int = 3, filters: Int = 64, generator: Generator) throws(TorchError) {
    func convolution(_ from: Int, _ to: Int, stride: Int) throws(TorchError) -> Conv2d {
      try Conv2d(from, to, kernel: 4, stride: stride, padding: 1, generator: generator)
    }
    model = Sequential([
      try convolution(inputs, filters, stride: 2),  // no norm on the first layer
      LeakyReLU(0.2),
      try convolution(filters, 2 * filters, stride: 2),
      try InstanceNorm2d(2 * filters),
      LeakyReLU(0.2),
      try convolution(2 * filters, 4 * filters, stride: 2),
      try InstanceNorm2d(4 * filters),
      LeakyReLU(0.2),
      try convolution(4 * filters, 8 * filters, stride: 1),
      try InstanceNorm2d(8 * filters),
      LeakyReLU(0.2),
      try convolution(8 * filters, 1, stride: 1),
    ])
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try model(input) }
}
