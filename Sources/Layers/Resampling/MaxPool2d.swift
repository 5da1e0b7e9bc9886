import Torch

/// The maximum of each window. Shapes: [N, C, H, W] → [N, C, ⌊(H + 2·padding − kernel) / stride⌋ + 1, …].
public final class MaxPool2d: Layer {
  public let kernel: Int
  public let stride: Int
  public let padding: Int

  /// The stride is the kernel's side unless given.
  public init(_ kernel: Int, stride: Int? = nil, padding: Int = 0) {
    precondition(kernel > 0 && (stride ?? 1) > 0 && padding >= 0 && 2 * padding <= kernel)
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
  }

  public func callAsFunction(_ input: Tensor) throws(TorchError) -> Tensor {
    try input.maxPool2d(kernel, stride: stride, padding: padding)
  }
}
