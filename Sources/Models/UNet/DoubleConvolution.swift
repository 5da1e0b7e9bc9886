import Layers
import Torch

/// Two 3×3 convolutions, each followed by a batch norm and a ReLU (Ronneberger et al., MICCAI 2015, figure 1: a step of
/// either path).
///
/// Batch norm (Ioffe and Szegedy, 2015) and a margin of one zero, where the paper has neither: so the sides stay.
/// Shapes: [N, inputs, H, W] → [N, outputs, H, W].
public final class DoubleConvolution: Layer {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d

  public init(_ inputs: Int, _ outputs: Int, generator: Generator) throws(TorchError) {
    conv1 = try Conv2d(inputs, outputs, kernel: 3, padding: 1, bias: false, generator: generator)
    bn1 = try BatchNorm2d(outputs)
    conv2 = try Conv2d(outputs, outputs, kernel: 3, padding: 1, bias: false, generator: generator)
    bn2 = try BatchNorm2d(outputs)
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let first = try bn1(conv1(input)).relu()
    return try bn2(conv2(first)).relu()
  }
}
