import Layers
import Torch

/// The PatchGAN: says for each overlapping patch of 70 pixels how real it looks (Isola et al., CVPR 2017).
///
/// Its output is a map of scores, without sigmoid; the loss is taken per patch.
///
/// Shapes: [N, inputs, H, W] → [N, 1, H/8 − 2, W/8 − 2], with fewer halvings H/2ⁿ − 2 and W/2ⁿ − 2.
public final class PatchDiscriminator: Layer {
  let model: Sequential

  /// - Parameters:
  ///   - halvings: 3 as published; with 2 a patch is 34 pixels wide, with 1 it is 16 (the published code's `n_layers`).
  ///   - antialiasing: halve by a blur after each activation instead of by the convolutions' strides, as CUT does. The map has
  ///     the same shape; a patch is then 84 pixels wide with 3 halvings, of which the outermost hardly count.
  public init(
    inputs: Int = 3, filters: Int = 64, halvings: Int = 3, antialiasing: Bool = false, generator: Generator
  ) throws(TorchError) {
    func convolution(_ from: Int, _ to: Int, stride: Int = 1) throws(TorchError) -> Conv2d {
      try Conv2d(from, to, kernel: 4, stride: stride, padding: 1, generator: generator)
    }
    var layers: [any Layer] = []
    precondition((1...5).contains(halvings), "a discriminator halves 1 to 5 times")
    // Filters double up to eight times the first.
    let widths = (0...halvings).map { filters << min($0, 3) }
    for (stage, (from, to)) in zip([inputs] + widths, widths).prefix(halvings).enumerated() {
      layers.append(try convolution(from, to, stride: antialiasing ? 1 : 2))
      if stage > 0 { layers.append(try InstanceNorm2d(to)) }  // no norm on the first layer
      layers.append(LeakyReLU(0.2))
      if antialiasing { layers.append(try BlurDownsample(to)) }
    }
    layers += [
      try convolution(widths[halvings - 1], widths[halvings]),
      try InstanceNorm2d(widths[halvings]),
      LeakyReLU(0.2),
      try convolution(widths[halvings], 1),
    ]
    model = Sequential(layers)
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor { try model(input) }
}
