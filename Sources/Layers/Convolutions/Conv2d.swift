import Torch

/// A convolution over images, with zeros in the margin.
///
/// Starts from PyTorch's default: weight and bias U(±1/√(fan in)), fan in = inputs / groups · kernel².
/// Shapes: [N, inputs, H, W] → [N, outputs, ⌊(H + 2·padding − dilation·(kernel − 1) − 1) / stride⌋ + 1, …].
public final class Conv2d: Convolution {
  /// [outputs, inputs / groups, kernel, kernel].
  public let weight: Parameter
  /// [outputs].
  public let bias: Parameter?
  public let stride: Int
  public let padding: Int
  public let dilation: Int
  public let groups: Int

  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1,
    bias: Bool = true, generator: Generator
  ) throws(TorchError) {
    precondition(inputs > 0 && outputs > 0 && kernel > 0 && stride > 0 && padding >= 0 && dilation > 0)
    precondition(
      groups > 0 && inputs.isMultiple(of: groups) && outputs.isMultiple(of: groups), "groups must divide the channels")
    weight = try .weight([outputs, inputs / groups, kernel, kernel], generator: generator)
    self.bias = bias ? try .bias(outputs, beside: weight, generator: generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
  }

  /// Whether nothing but its weights distinguishes it from any other 3 × 3 convolution.
  var isPlain3x3: Bool {
    let shape = weight.tensor.shape
    return shape[2] == 3 && shape[3] == 3 && stride == 1 && padding == 0 && dilation == 1 && groups == 1
  }

  public func callAsFunction(_ input: Tensor, deadBias: Bool) throws(TorchError) -> Tensor {
    try input.conv2d(
      weight.tensor, bias?.tensor, stride: stride, padding: padding, dilation: dilation, groups: groups,
      deadBias: deadBias)
  }
}
