import Torch

/// A transposed convolution: the gradient of a convolution with respect to its input, used to enlarge.
///
/// Starts from PyTorch's default: weight and bias U(±1/√f) with f = outputs / groups · kernel² (PyTorch takes the second
/// dimension of the weight as fan in, which is the outputs' here).
/// Shapes: [N, inputs, H, W] → [N, outputs, (H − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1, …].
public final class ConvTranspose2d: Convolution {
  /// [inputs, outputs / groups, kernel, kernel].
  public let weight: Parameter
  /// [outputs].
  public let bias: Parameter?
  public let stride: Int
  public let padding: Int
  /// Rows and columns added at the bottom and the right, which a stride leaves undetermined.
  public let outputPadding: Int
  public let dilation: Int
  public let groups: Int

  public init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, generator: Generator
  ) throws(TorchError) {
    precondition(inputs > 0 && outputs > 0 && kernel > 0 && stride > 0 && padding >= 0 && dilation > 0)
    precondition(
      groups > 0 && inputs.isMultiple(of: groups) && outputs.isMultiple(of: groups), "groups must divide the channels")
    precondition(
      outputPadding >= 0 && outputPadding < max(stride, dilation), "outputPadding must be below stride or dilation")
    weight = try .weight([inputs, outputs / groups, kernel, kernel], generator: generator)
    self.bias = bias ? try .bias(outputs, beside: weight, generator: generator) : nil
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
  }

  public func callAsFunction(_ input: Tensor, deadBias: Bool) throws(TorchError) -> Tensor {
    try input.convTranspose2d(
      weight.tensor, bias?.tensor, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation, deadBias: deadBias)
  }
}
