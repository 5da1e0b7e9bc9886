import Torch

/// Keeps what comes of a loss that is no finite number from the weights.
///
/// Either every loss is waited for and stops the step at once, or the device decides by itself and optimizers skip.
final class LossGuard {
  private let defers: Bool
  /// 1 from the first loss on that was no finite number; nil while none was looked at, and where losses are waited for.
  private(set) var failed: Tensor?

  init(defers: Bool) { self.defers = defers }

  /// - Throws: `NonFiniteLoss` for a loss that is no finite number, unless checks are deferred.
  func check(_ loss: Tensor, of networks: TrainedNetworks, step: Int) throws {
    guard defers else { return try networks.requireFinite(loss.item(), step: step) }
    let broken = try loss.detached().isFinite().not().converted(to: .float32)
    failed = try failed?.maximum(broken) ?? broken
  }

  /// - Throws: `TorchError` when a loss was no finite number, even if nobody has read it.
  func requireNone(before step: Int) throws(TorchError) {
    guard let failed, try failed.item() != 0 else { return }
    throw TorchError(.operation, "a loss became no finite number before step \(step): the last checkpoint is good")
  }

  func reset() { failed = nil }
}
