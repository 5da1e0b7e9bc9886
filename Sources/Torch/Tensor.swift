import CTorch

/// An array of numbers with a shape, on a device, perhaps part of a gradient graph.
///
/// A reference to libtorch's tensor: `let` does not make its elements constant. It is not `Sendable`; move data between
/// threads as arrays. Every operation throws `TorchError` with libtorch's explanation.
public final class Tensor {
  let handle: OpaquePointer

  init(owning handle: OpaquePointer) { self.handle = handle }

  deinit { ct_free(handle) }

  // MARK: Looks

  public var rank: Int { Int(ct_rank(handle)) }

  public var shape: [Int] {
    var sizes = [Int64](repeating: 0, count: rank)
    ct_shape(handle, &sizes)
    return sizes.map(Int.init)
  }

  /// The number of elements.
  public var count: Int { Int(ct_count(handle)) }

  /// The type of the elements.
  ///
  /// A tensor of a type outside `DataType` can only come from libtorch itself, which no wrapped function does.
  public var type: DataType {
    guard let type = DataType(rawValue: ct_type(handle)) else {
      preconditionFailure("libtorch gave a tensor of a type that Torch does not know")
    }
    return type
  }

  public var device: Device { ct_device(handle) == 0 ? .cpu : .cuda(Int(ct_device_index(handle))) }

  /// Whether the elements lie in row-major order (or, for [N, C, H, W], with channels innermost).
  public func isContiguous(channelsLast: Bool = false) -> Bool { ct_is_contiguous(handle, channelsLast) }

  /// Whether both look at the same memory.
  public func sharesStorage(with other: Tensor) -> Bool { ct_shares_storage(handle, other.handle) }

  // MARK: Elements in

  /// Copies `elements` in row-major order. The type follows from the elements.
  ///
  /// To a CUDA device the copy goes through page-locked memory, and the call does not wait for it.
  public convenience init<Element: TensorElement>(
    _ elements: [Element], shape: [Int]? = nil, device: Device = .cpu
  ) throws(TorchError) {
    let shape = shape ?? [elements.count]
    guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) == elements.count else {
      throw TorchError(.operation, "\(elements.count) elements cannot fill the shape \(shape)")
    }
    var error: OpaquePointer?
    let handle = elements.withUnsafeBytes { bytes in
      ct_from_bytes(
        bytes.baseAddress ?? Self.nothing, shape.sizes, shape.rank, Element.dataType.rawValue, device.kind,
        device.index,
        &error)
    }
    guard let handle else { throw TorchError(consuming: error) }
    self.init(owning: handle)
  }

  /// Copies raw little-endian bytes of `type` in row-major order.
  public convenience init(bytes: UnsafeRawBufferPointer, shape: [Int], type: DataType) throws(TorchError) {
    guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1, *) * type.size == bytes.count else {
      throw TorchError(.operation, "\(bytes.count) bytes cannot fill the shape \(shape) of \(type)")
    }
    var error: OpaquePointer?
    guard
      let handle = ct_from_bytes(
        bytes.baseAddress ?? Self.nothing, shape.sizes, shape.rank, type.rawValue, Device.cpu.kind, Device.cpu.index,
        &error)
    else { throw TorchError(consuming: error) }
    self.init(owning: handle)
  }

  /// What stands for the address of no bytes at all; never read.
  private static var nothing: UnsafeRawPointer { UnsafeRawPointer(CommandLine.unsafeArgv) }

  // MARK: Elements out

  /// A copy of the elements in row-major order, converted to `Element` where the type differs.
  public func elements<Element: TensorElement>(as _: Element.Type = Element.self) throws(TorchError) -> [Element] {
    let source = type == Element.dataType ? self : try converted(to: Element.dataType)
    var result = [Element](repeating: Element.zero, count: count)
    var error: OpaquePointer?
    let good = withExtendedLifetime(source) {
      result.withUnsafeMutableBytes { bytes in
        guard let address = bytes.baseAddress else { return true }
        return ct_read(source.handle, address, Int64(bytes.count), &error)
      }
    }
    guard good else { throw TorchError(consuming: error) }
    return result
  }

  /// A copy as float32, whatever the type.
  public func floats() throws(TorchError) -> [Float] { try elements(as: Float.self) }

  /// The bytes of the elements in row-major order, in the tensor's own type.
  public func bytes() throws(TorchError) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count * type.size)
    guard !result.isEmpty else { return result }
    var error: OpaquePointer?
    guard ct_read(handle, &result, Int64(result.count), &error) else { throw TorchError(consuming: error) }
    return result
  }

  /// The value of a tensor with one element.
  public func item() throws(TorchError) -> Double {
    var error: OpaquePointer?
    let value = ct_item(handle, &error)
    if error != nil { throw TorchError(consuming: error) }
    return value
  }

  // MARK: Copies

  /// The same elements in another type; self where it is that type already.
  public func converted(to type: DataType) throws(TorchError) -> Tensor { try moved(to: device, type: type) }

  /// The same elements on another device; self where it is there already.
  public func moved(to device: Device, type: DataType? = nil) throws(TorchError) -> Tensor {
    try make { ct_to(handle, (type ?? self.type).rawValue, device.kind, device.index, $0) }
  }

  /// Laid out in row-major order, or with channels innermost; self where it is so already.
  public func contiguous(channelsLast: Bool = false) throws(TorchError) -> Tensor {
    try make { ct_contiguous(handle, channelsLast, $0) }
  }

  /// In memory as `other` of the same shape lies; self where it does so already.
  public func laidOut(like other: Tensor) throws(TorchError) -> Tensor {
    try make { ct_laid_out_like(handle, other.handle, $0) }
  }

  /// A copy of its own, still part of the gradient graph.
  public func cloned() throws(TorchError) -> Tensor { try make { ct_clone(handle, $0) } }

  /// The same memory, outside the gradient graph.
  public func detached() throws(TorchError) -> Tensor { try make { ct_detach(handle, $0) } }
}

extension Tensor: CustomStringConvertible {
  public var description: String { "Tensor(\(shape), \(type), \(device))" }
}

/// A Swift number that tensors can be made of.
public protocol TensorElement {
  static var dataType: DataType { get }
  static var zero: Self { get }
}

extension Float: TensorElement { public static var dataType: DataType { .float32 } }
extension Double: TensorElement { public static var dataType: DataType { .float64 } }
extension Int64: TensorElement { public static var dataType: DataType { .int64 } }
extension Int: TensorElement { public static var dataType: DataType { .int64 } }
extension Int32: TensorElement { public static var dataType: DataType { .int32 } }
extension UInt8: TensorElement { public static var dataType: DataType { .uint8 } }

extension [Int] {
  /// As the C side takes shapes and dimensions.
  var sizes: [Int64] { map(Int64.init) }
  var rank: Int32 { Int32(count) }
}
