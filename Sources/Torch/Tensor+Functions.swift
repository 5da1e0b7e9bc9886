import CTorch

/// Functions of each element.
extension Tensor {
  public func abs() throws(TorchError) -> Tensor { try make { ct_abs(handle, $0) } }
  public func sign() throws(TorchError) -> Tensor { try make { ct_sign(handle, $0) } }
  public func exp() throws(TorchError) -> Tensor { try make { ct_exp(handle, $0) } }
  /// exp(x) − 1, exact near 0.
  public func expm1() throws(TorchError) -> Tensor { try make { ct_expm1(handle, $0) } }
  public func log() throws(TorchError) -> Tensor { try make { ct_log(handle, $0) } }
  /// log(1 + x), exact near 0.
  public func log1p() throws(TorchError) -> Tensor { try make { ct_log1p(handle, $0) } }
  public func log2() throws(TorchError) -> Tensor { try make { ct_log2(handle, $0) } }
  public func sqrt() throws(TorchError) -> Tensor { try make { ct_sqrt(handle, $0) } }
  /// 1 / √x.
  public func rsqrt() throws(TorchError) -> Tensor { try make { ct_rsqrt(handle, $0) } }
  public func sin() throws(TorchError) -> Tensor { try make { ct_sin(handle, $0) } }
  public func cos() throws(TorchError) -> Tensor { try make { ct_cos(handle, $0) } }
  /// The angle of the point (x, self), in radians within [−π, π].
  public func atan2(_ x: Tensor) throws(TorchError) -> Tensor { try make { ct_atan2(handle, x.handle, $0) } }
  public func erf() throws(TorchError) -> Tensor { try make { ct_erf(handle, $0) } }
  /// To the nearest whole number, halves to the even one.
  public func rounded() throws(TorchError) -> Tensor { try make { ct_round(handle, $0) } }
  public func floor() throws(TorchError) -> Tensor { try make { ct_floor(handle, $0) } }
  public func ceil() throws(TorchError) -> Tensor { try make { ct_ceil(handle, $0) } }
  public func tanh() throws(TorchError) -> Tensor { try make { ct_tanh(handle, $0) } }
  public func sigmoid() throws(TorchError) -> Tensor { try make { ct_sigmoid(handle, $0) } }
  public func logSigmoid() throws(TorchError) -> Tensor { try make { ct_log_sigmoid(handle, $0) } }
  public func relu() throws(TorchError) -> Tensor { try make { ct_relu(handle, $0) } }
  public func leakyRelu(_ slope: Double = 0.01) throws(TorchError) -> Tensor {
    try make { ct_leaky_relu(handle, slope, $0) }
  }
  public func elu(_ alpha: Double = 1) throws(TorchError) -> Tensor { try make { ct_elu(handle, alpha, $0) } }
  /// x · sigmoid(x).
  public func silu() throws(TorchError) -> Tensor { try make { ct_silu(handle, $0) } }
  /// x · Φ(x), with the exact error function.
  public func gelu() throws(TorchError) -> Tensor { try make { ct_gelu(handle, $0) } }
  /// log(1 + exp(x)).
  public func softplus() throws(TorchError) -> Tensor { try make { ct_softplus(handle, $0) } }
  public func softmax(_ dim: Int) throws(TorchError) -> Tensor { try make { ct_softmax(handle, Int64(dim), $0) } }
  public func logSoftmax(_ dim: Int) throws(TorchError) -> Tensor {
    try make { ct_log_softmax(handle, Int64(dim), $0) }
  }
}
