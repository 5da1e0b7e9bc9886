import CTorch

/// Reverse-mode differentiation.
extension Tensor {
  public var requiresGradient: Bool { ct_requires_gradient(handle) }

  public func setRequiresGradient(_ value: Bool) throws(TorchError) {
    try check { ct_set_requires_gradient(handle, value, $0) }
  }

  /// What `backward` has added up for this leaf; nil before.
  public func gradient() throws(TorchError) -> Tensor? {
    var error: OpaquePointer?
    let handle = ct_gradient(handle, &error)
    if error != nil { throw TorchError(consuming: error) }
    return handle.map(Tensor.init(owning:))
  }

  /// Sets or forgets the gradient.
  public func setGradient(_ gradient: Tensor?) throws(TorchError) {
    try check { error in withExtendedLifetime(gradient) { ct_set_gradient(handle, gradient?.handle, error) } }
  }

  /// Adds the gradient of self with respect to every leaf that requires one. Without a cotangent self must be a scalar.
  public func backward(_ cotangent: Tensor? = nil, keepingGraph: Bool = false) throws(TorchError) {
    try Tensor.backward([(self, cotangent)], keepingGraph: keepingGraph)
  }

  /// The same from several tensors at once: what they have in common is gone through once.
  public static func backward(
    _ roots: [(tensor: Tensor, cotangent: Tensor?)], keepingGraph: Bool = false
  ) throws(TorchError) {
    try check { error in
      withExtendedLifetime(roots) {
        ct_backward(roots.map(\.tensor.handle), roots.map(\.cotangent?.handle), Int32(roots.count), keepingGraph, error)
      }
    }
  }

  /// The gradients of self with respect to `inputs`, adding nothing anywhere; nil where an input was not used.
  public func gradients(
    of inputs: [Tensor], cotangent: Tensor? = nil, keepingGraph: Bool = false, differentiable: Bool = false
  ) throws(TorchError) -> [Tensor?] {
    var results = [OpaquePointer?](repeating: nil, count: inputs.count)
    var error: OpaquePointer?
    let good = withExtendedLifetime(cotangent) {
      withHandles(inputs) {
        ct_gradients(
          handle, cotangent?.handle, $0, Int32($0.count), keepingGraph || differentiable, differentiable, &results,
          &error)
      }
    }
    guard good else { throw TorchError(consuming: error) }
    return results.map { $0.map(Tensor.init(owning:)) }
  }
}

/// Runs `body` without recording a gradient graph. The mode belongs to the thread, so `body` is synchronous.
public func withoutGradients<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  let before = ct_is_gradient_enabled()
  ct_set_gradient_enabled(false)
  defer { ct_set_gradient_enabled(before) }
  return try body()
}

/// Runs `body` in mixed precision: convolutions and matrix products in `type`, sums and losses in float32.
///
/// The mode belongs to the thread, so `body` is synchronous. With `type` float32 nothing changes.
///
/// libtorch keeps the casts of weights that require a gradient while the mode is on; they are forgotten when the outermost
/// scope ends, so end it before an optimizer changes the weights. A cast made without gradients has no graph: do not mix
/// `withoutGradients` with recorded passes of the same weights in one scope. bfloat16 has float32's range of exponents, so
/// gradients neither vanish nor overflow as in float16, and no gradient scaler is needed. `backward` belongs outside.
public func withAutocast<Result>(_ type: DataType, on device: Device, _ body: () throws -> Result) throws -> Result {
  guard type != .float32 else { return try body() }
  var error: OpaquePointer?
  let before = ct_set_autocast(device.kind, true, type.rawValue, &error)
  if error != nil { throw TorchError(consuming: error) }
  defer {
    var ignored: OpaquePointer?
    _ = ct_set_autocast(device.kind, before, type.rawValue, &ignored)
    if let ignored { ct_error_free(ignored) }
    if !before { ct_clear_autocast_cache() }
  }
  return try body()
}

/// Runs `body` without mixed precision inside a scope of `withAutocast`: for small products that need all digits. Elsewhere
/// nothing changes.
public func withoutAutocast<Result>(
  on device: Device, _ body: () throws(TorchError) -> Result
) throws(TorchError) -> Result {
  var error: OpaquePointer?
  let before = ct_set_autocast(device.kind, false, -1, &error)
  if error != nil { throw TorchError(consuming: error) }
  defer {
    var ignored: OpaquePointer?
    _ = ct_set_autocast(device.kind, before, -1, &ignored)
    if let ignored { ct_error_free(ignored) }
  }
  return try body()
}
