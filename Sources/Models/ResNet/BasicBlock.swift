import Layers
import Torch

/// The two-convolution block of ResNet-18 and -34 (He et al., CVPR 2016, figure 5 left).
///
/// Shapes: [N, inputs, H, W] → [N, outputs, H / stride, W / stride].
public final class BasicBlock: Layer {
  let conv1: Conv2d
  let bn1: BatchNorm2d
  let conv2: Conv2d
  let bn2: BatchNorm2d
  /// A 1×1 convolution and norm where the shapes differ; nil where the input is added as it is.
  let downsample: Sequential?

  public init(_ inputs: Int, _ outputs: Int, stride: Int, generator: Generator) throws(TorchError) {
    conv1 = try Conv2d(
      inputs, outputs, kernel: 3, stride: stride, padding: 1, bias: false, generator: generator)
    bn1 = try BatchNorm2d(outputs)
    conv2 = try Conv2d(outputs, outputs, kernel: 3, padding: 1, bias: false, generator: generator)
    bn2 = try BatchNorm2d(outputs)
    if stride != 1 || inputs != outputs {
      let projection = try Conv2d(inputs, outputs, kernel: 1, stride: stride, bias: false, generator: generator)
      downsample = Sequential([projection, try BatchNorm2d(outputs)])
    } else {
      downsample = nil
    }
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    let first = try bn1(conv1(input)).relu()
    let second = try bn2(conv2(first))
    let skipped = if let downsample { try downsample(input) } else { input }
    return try (second + skipped).relu()
  }
}
