import Layers
import Torch

/// How surely each patch of a picture is told apart as its own among all patches of the same picture: the mean of
/// −log (exp(q·k⁺ / τ) / (exp(q·k⁺ / τ) + Σ exp(q·k⁻ / τ))) (Park et al., ECCV 2020, section 3).
///
/// The published code puts the positive in front of a row of all similarities whose diagonal it replaces by −10 / τ, which
/// exp makes 0, and asks for class 0. A row of similarities has the same terms, with the positive on the diagonal: here
/// patch i is asked for class i. No gradient goes to the keys.
///
/// Shapes: queries and keys [N, P, D], of length 1 along D → [].
public func patchNCELoss(_ queries: Tensor, _ keys: Tensor, temperature: Double) throws(TorchError) -> Tensor {
  guard queries.shape == keys.shape, queries.rank == 3 else {
    throw TorchError(
      .operation, "PatchNCE compares two of [N, P, D], not queries \(queries.shape) and keys \(keys.shape)")
  }
  let (images, patches) = (queries.shape[0], queries.shape[1])
  let similarity = try withoutAutocast(on: queries.device) { () throws(TorchError) in
    try queries.matmul(keys.detached().transposed(1, 2)) / temperature  // [N, P, P]
  }
  let own = try Tensor.arange(to: Double(patches), type: .int64).moved(to: queries.device).repeated([images])
  return try crossEntropyLoss(similarity.flattened(0, 1), own)
}
