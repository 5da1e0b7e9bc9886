import CTorch

/// Why an operation on tensors failed, in libtorch's own words.
public struct TorchError: Error, CustomStringConvertible, Equatable, Sendable {
  public enum Kind: Sendable {
    /// Shapes, types or devices that do not fit, or another complaint of libtorch.
    case operation
    /// Memory ran out, on the CPU or on a device.
    case memory
    /// Something else inside a C++ library.
    case other
  }

  public let kind: Kind
  public let description: String

  public init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// Takes over and frees what the C side reported; nil means that it could not even do that.
  init(consuming error: OpaquePointer?) {
    guard let error else {
      self.init(.memory, "out of memory")
      return
    }
    let kind: Kind =
      switch ct_error_kind(error) {
      case CT_ERROR_TORCH: .operation
      case CT_ERROR_MEMORY: .memory
      default: .other
      }
    self.init(kind, String(cString: ct_error_message(error)))
    ct_error_free(error)
  }
}

typealias ErrorSlot = UnsafeMutablePointer<OpaquePointer?>

/// Calls a C function that gives a tensor, or throws what it reported.
func make(_ body: (ErrorSlot) -> OpaquePointer?) throws(TorchError) -> Tensor {
  var error: OpaquePointer?
  guard let handle = body(&error) else { throw TorchError(consuming: error) }
  return Tensor(owning: handle)
}

/// Calls a C function that says whether it succeeded, or throws what it reported.
func check(_ body: (ErrorSlot) -> Bool) throws(TorchError) {
  var error: OpaquePointer?
  guard body(&error) else { throw TorchError(consuming: error) }
}

/// Calls a C function that gives two tensors, or throws what it reported.
func makePair(_ body: (ErrorSlot, ErrorSlot, ErrorSlot) -> Bool) throws(TorchError) -> (Tensor, Tensor) {
  var first: OpaquePointer?
  var second: OpaquePointer?
  var error: OpaquePointer?
  guard body(&first, &second, &error), let first, let second else { throw TorchError(consuming: error) }
  return (Tensor(owning: first), Tensor(owning: second))
}

/// Lends the handles of several tensors to a C function, and keeps the tensors alive meanwhile.
func withHandles<Result>(_ tensors: [Tensor], _ body: ([OpaquePointer]) -> Result) -> Result {
  withExtendedLifetime(tensors) { body(tensors.map(\.handle)) }
}
