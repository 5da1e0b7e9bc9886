import CTorch

/// libtorch's random generator: everything random on tensors takes one. There is no global seed.
///
/// Its state can be saved and restored, so a resumed run draws the same numbers. Not thread safe.
public final class Generator {
  let handle: OpaquePointer
  public let device: Device

  public init(seed: UInt64, device: Device = .cpu) throws(TorchError) {
    var error: OpaquePointer?
    guard let handle = ct_generator(device.kind, device.index, seed, &error) else {
      throw TorchError(consuming: error)
    }
    self.handle = handle
    self.device = device
  }

  deinit { ct_generator_free(handle) }

  /// The whole state as bytes. Shapes: → [S], uint8.
  public func state() throws(TorchError) -> Tensor { try make { ct_generator_state(handle, $0) } }

  /// - Throws: `TorchError` when the bytes are no state of such a generator.
  public func restore(_ state: Tensor) throws(TorchError) {
    try check { ct_generator_set_state(handle, state.handle, $0) }
  }
}
