import Torch

/// The mean of each window. Shapes: [N, C, H, W] → [N, C, ⌊(H + 2·padding − kernel) / stride⌋ + 1, …].
public final class AvgPool2d: Layer {
  public let kernel: Int
  public let stride: Int
  public let padding: Int
  /// Whether zeros of the margin count as pixels (PyTorch's `count_include_pad`).
  public let countingPadding: Bool

  /// The stride is the kernel's side unless given.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0, countingPadding: Bool = true) {
    precondition(kernel > 0 && (stride ?? 1) > 0 && padding >= 0 && 2 * padding <= kernel)
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.countingPadding = countingPadding
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.avgPool2d(kernel, stride: stride, padding: padding, countingPadding: countingPadding)
  }
}
