import Torch

extension Layer {
  /// The results for two batches, from one pass over both where their images have the same shape: weights are then read,
  /// and their gradients summed, once in place of twice.
  ///
  /// For layers that treat every image alone, such as convolutions and instance norms. A batch norm would mix the batches.
  ///
  /// Shapes: [N, …], [M, …] → [N, …], [M, …].
  public func together(_ first: Tensor, _ second: Tensor) throws(TorchError) -> (Tensor, Tensor) {
    guard first.shape.dropFirst() == second.shape.dropFirst() else { return (try self(first), try self(second)) }
    let both = try self(.concatenated([first, second]))
    let count = first.shape[0]
    return (try both.sliced(0, 0..<count), try both.sliced(0, count..<count + second.shape[0]))
  }
}
