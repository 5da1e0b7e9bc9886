import CTorch

/// Changes to the elements themselves. On a leaf that requires a gradient, only inside `withoutGradients`.
extension Tensor {
  public func zero() throws(TorchError) { try check { ct_zero_in_place(handle, $0) } }
  public func fill(_ value: Double) throws(TorchError) { try check { ct_fill_in_place(handle, value, $0) } }
  /// Shapes must be equal; nothing is broadcast.
  public func copy(from source: Tensor) throws(TorchError) { try check { ct_copy_in_place(handle, source.handle, $0) } }
  public func scale(by factor: Double) throws(TorchError) { try check { ct_scale_in_place(handle, factor, $0) } }
  /// self += scale · other.
  public func add(_ other: Tensor, scale: Double = 1) throws(TorchError) {
    try check { ct_add_in_place(handle, other.handle, scale, $0) }
  }
  /// self += weight · (other − self).
  public func interpolate(to other: Tensor, weight: Double) throws(TorchError) {
    try check { ct_lerp_in_place(handle, other.handle, weight, $0) }
  }
  /// self += scale · x · y.
  public func addProduct(_ x: Tensor, _ y: Tensor, scale: Double = 1) throws(TorchError) {
    try check { ct_addcmul_in_place(handle, x.handle, y.handle, scale, $0) }
  }
  /// self += scale · x / y.
  public func addQuotient(_ x: Tensor, _ y: Tensor, scale: Double = 1) throws(TorchError) {
    try check { ct_addcdiv_in_place(handle, x.handle, y.handle, scale, $0) }
  }
  public func fillNormal(mean: Double = 0, standardDeviation: Double = 1, generator: Generator) throws(TorchError) {
    try check { ct_normal_in_place(handle, mean, standardDeviation, generator.handle, $0) }
  }
  public func fillUniform(low: Double, high: Double, generator: Generator) throws(TorchError) {
    try check { ct_uniform_in_place(handle, low, high, generator.handle, $0) }
  }
}
