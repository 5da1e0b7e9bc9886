import Torch

/// The losses of one step where they were computed: the device may still be at it, and only `read` waits.
public struct PendingLosses<Losses: StepLosses> {
  /// The step that they are of, counted from 1.
  public let step: Int
  /// Whose sums must be finite.
  private let owners: [TrainedNetworks]
  /// float32: the losses in the order of their names, then the sum of each owner.
  private let values: Tensor

  init(step: Int, losses: [Tensor], sums: KeyValuePairs<TrainedNetworks, Tensor>) throws(TorchError) {
    precondition(losses.count == Losses.names.count, "a value for each loss")
    self.step = step
    owners = sums.map(\.key)
    var scalars: [Tensor] = []
    for loss in losses + sums.map(\.value) { scalars.append(try loss.detached().converted(to: .float32)) }
    values = try Tensor.stacked(scalars)
  }

  /// Waits for the step and gives its losses.
  ///
  /// - Throws: `NonFiniteLoss` when one is no finite number; no weight has seen it.
  public func read() throws -> Losses {
    let numbers = try values.elements(as: Float.self).map(Double.init)
    for (owner, sum) in zip(owners, numbers.suffix(owners.count)) { try owner.requireFinite(sum, step: step) }
    return Losses(values: Array(numbers.dropLast(owners.count)))
  }
}

/// Who descends a sum of losses.
enum TrainedNetworks: String {
  case generator, generators, discriminator, discriminators

  /// - Throws: `NonFiniteLoss` when it is none.
  func requireFinite(_ loss: Double, step: Int) throws(NonFiniteLoss) {
    guard loss.isFinite else { throw NonFiniteLoss(name: "the loss of the \(rawValue)", value: loss, step: step) }
  }
}
