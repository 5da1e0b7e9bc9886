import CTorch

/// Products of matrices and their decompositions.
extension Tensor {
  /// Shapes: [..., M, K] · [..., K, N] → [..., M, N].
  public func matmul(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_matmul(handle, other.handle, $0) } }

  /// x · Wᵀ + b. Shapes: [..., I], weight [O, I], bias [O] → [..., O].
  public func linear(_ weight: Tensor, _ bias: Tensor? = nil) throws(TorchError) -> Tensor {
    try make { error in withExtendedLifetime(bias) { ct_linear(handle, weight.handle, bias?.handle, error) } }
  }

  /// Einstein's sum, such as `"nchw,ncHW->nhwHW"`.
  public static func einsum(_ equation: String, _ tensors: [Tensor]) throws(TorchError) -> Tensor {
    try make { error in withHandles(tensors) { ct_einsum(equation, $0, Int32($0.count), error) } }
  }

  /// Of a symmetric matrix, ascending. Shapes: [..., N, N] → [..., N].
  public func symmetricEigenvalues() throws(TorchError) -> Tensor { try make { ct_eigenvalues_symmetric(handle, $0) } }

  /// Of a symmetric matrix. Shapes: [..., N, N] → values [..., N] ascending, vectors [..., N, N] in columns.
  public func symmetricEigen() throws(TorchError) -> (values: Tensor, vectors: Tensor) {
    try makePair { ct_eigen_symmetric(handle, $0, $1, $2) }
  }

  /// The reduced singular value decomposition. Shapes: [..., M, N] → U [..., M, K], S [..., K], Vᴴ [..., K, N].
  public func svd() throws(TorchError) -> (u: Tensor, s: Tensor, vh: Tensor) {
    var s: OpaquePointer?
    let (u, vh) = try makePair { ct_svd(handle, $0, &s, $1, $2) }
    guard let s else { throw TorchError(.other, "libtorch gave no singular values") }
    return (u, Tensor(owning: s), vh)
  }

  /// X with self · X = other.
  public func solve(_ other: Tensor) throws(TorchError) -> Tensor { try make { ct_solve(handle, other.handle, $0) } }

  /// The lower triangle L with L · Lᴴ = self.
  public func cholesky() throws(TorchError) -> Tensor { try make { ct_cholesky(handle, $0) } }
}
