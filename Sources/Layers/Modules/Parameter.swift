import Torch

/// A tensor that training changes: a leaf of the gradient graph, found in modules by its property's name.
public final class Parameter {
  /// Only `Module.move` puts another tensor here; training changes the elements in place.
  public private(set) var tensor: Tensor

  /// Takes the elements of `tensor` as a leaf that requires a gradient, in row-major order.
  ///
  /// - Throws: `TorchError` when the elements are not floating-point numbers.
  public init(_ tensor: Tensor) throws(TorchError) {
    self.tensor = try Self.leaf(tensor, requiresGradient: true)
  }

  func move(to device: Device, type: DataType?, channelsLast: Bool) throws(TorchError) {
    let type = type ?? tensor.type
    let channelsLast = channelsLast && tensor.rank == 4
    guard tensor.device != device || tensor.type != type || !tensor.isContiguous(channelsLast: channelsLast) else {
      return
    }
    tensor = try Self.leaf(
      tensor.moved(to: device, type: type), requiresGradient: tensor.requiresGradient, channelsLast: channelsLast)
  }

  /// Dense in memory, so that gradients and moments take the same strides: fused optimizers pair elements by their place.
  private static func leaf(
    _ tensor: Tensor, requiresGradient: Bool, channelsLast: Bool = false
  ) throws(TorchError) -> Tensor {
    let leaf = try tensor.detached().contiguous(channelsLast: channelsLast)
    try leaf.setRequiresGradient(requiresGradient)
    return leaf
  }
}
