import CTorch

/// Arithmetic, with broadcasting as in NumPy.
extension Tensor {
  public static func + (x: Tensor, y: Tensor) throws(TorchError) -> Tensor {
    try make { ct_add(x.handle, y.handle, 1, $0) }
  }
  public static func - (x: Tensor, y: Tensor) throws(TorchError) -> Tensor {
    try make { ct_add(x.handle, y.handle, -1, $0) }
  }
  public static func * (x: Tensor, y: Tensor) throws(TorchError) -> Tensor {
    try make { ct_mul(x.handle, y.handle, $0) }
  }
  public static func / (x: Tensor, y: Tensor) throws(TorchError) -> Tensor {
    try make { ct_div(x.handle, y.handle, $0) }
  }

  public static func + (x: Tensor, y: Double) throws(TorchError) -> Tensor {
    try make { ct_add_scalar(x.handle, y, $0) }
  }
  public static func - (x: Tensor, y: Double) throws(TorchError) -> Tensor {
    try make { ct_add_scalar(x.handle, -y, $0) }
  }
  public static func * (x: Tensor, y: Double) throws(TorchError) -> Tensor {
    try make { ct_mul_scalar(x.handle, y, $0) }
  }
  public static func / (x: Tensor, y: Double) throws(TorchError) -> Tensor {
    try make { ct_mul_scalar(x.handle, 1 / y, $0) }
  }
  public static func + (x: Double, y: Tensor) throws(TorchError) -> Tensor { try y + x }
  public static func * (x: Double, y: Tensor) throws(TorchError) -> Tensor { try y * x }
  public static func - (x: Double, y: Tensor) throws(TorchError) -> Tensor { try (-y) + x }

  public static prefix func - (x: Tensor) throws(TorchError) -> Tensor { try make { ct_neg(x.handle, $0) } }

  public func power(_ exponent: Double) throws(TorchError) -> Tensor {
    try make { ct_pow_scalar(handle, exponent, $0) }
  }
  public func power(_ exponent: Tensor) throws(TorchError) -> Tensor {
    try make { ct_pow(handle, exponent.handle, $0) }
  }
  public func squared() throws(TorchError) -> Tensor { try make { ct_square(handle, $0) } }
  public func reciprocal() throws(TorchError) -> Tensor { try make { ct_reciprocal(handle, $0) } }

  public func minimum(_ other: Tensor) throws(TorchError) -> Tensor {
    try make { ct_minimum(handle, other.handle, $0) }
  }
  public func maximum(_ other: Tensor) throws(TorchError) -> Tensor {
    try make { ct_maximum(handle, other.handle, $0) }
  }
  public func clamped(_ low: Double, _ high: Double) throws(TorchError) -> Tensor {
    try make { ct_clamp(handle, low, high, $0) }
  }

  /// self + weight · (other − self).
  public func interpolated(to other: Tensor, weight: Double) throws(TorchError) -> Tensor {
    try make { ct_lerp(handle, other.handle, weight, $0) }
  }

  /// Elements of `x` where the condition holds, of `y` elsewhere.
  public static func choosing(_ condition: Tensor, _ x: Tensor, _ y: Tensor) throws(TorchError) -> Tensor {
    try make { ct_where(condition.handle, x.handle, y.handle, $0) }
  }
}

/// Comparisons, as tensors of bool.
extension Tensor {
  public func equal(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_eq(handle, other.handle, $0) } }
  public func notEqual(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_ne(handle, other.handle, $0) } }
  public func less(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_lt(handle, other.handle, $0) } }
  public func lessOrEqual(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_le(handle, other.handle, $0) } }
  public func greater(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_gt(handle, other.handle, $0) } }
  public func greaterOrEqual(_ other: Tensor) throws(TorchError) -> Tensor {
    try make { ct_ge(handle, other.handle, $0) }
  }
  public func equal(_ value: Double) throws(TorchError) -> Tensor { try make { ct_eq_scalar(handle, value, $0) } }
  public func notEqual(_ value: Double) throws(TorchError) -> Tensor { try make { ct_ne_scalar(handle, value, $0) } }
  public func less(_ value: Double) throws(TorchError) -> Tensor { try make { ct_lt_scalar(handle, value, $0) } }
  public func lessOrEqual(_ value: Double) throws(TorchError) -> Tensor { try make { ct_le_scalar(handle, value, $0) } }
  public func greater(_ value: Double) throws(TorchError) -> Tensor { try make { ct_gt_scalar(handle, value, $0) } }
  public func greaterOrEqual(_ value: Double) throws(TorchError) -> Tensor {
    try make { ct_ge_scalar(handle, value, $0) }
  }
  public func and(_ other: Tensor) throws(TorchError) -> Tensor {
    try make { ct_logical_and(handle, other.handle, $0) }
  }
  public func or(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_logical_or(handle, other.handle, $0) } }
  public func not() throws(TorchError) -> Tensor { try make { ct_logical_not(handle, $0) } }
  public func isNaN() throws(TorchError) -> Tensor { try make { ct_isnan(handle, $0) } }
  public func isFinite() throws(TorchError) -> Tensor { try make { ct_isfinite(handle, $0) } }
}
