import Torch

/// A tensor that belongs to a module's state without being trained, such as running statistics.
public final class Buffer {
  /// Only `Module.move` puts another tensor here; layers change the elements in place.
  public private(set) var tensor: Tensor

  public init(_ tensor: Tensor) { self.tensor = tensor }

  func move(to device: Device, type: DataType?) throws(TorchError) {
    tensor = try tensor.moved(to: device, type: tensor.type.isFloatingPoint ? type : nil)
  }
}
