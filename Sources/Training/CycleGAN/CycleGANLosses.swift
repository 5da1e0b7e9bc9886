import Torch

/// The values of the losses in one step, with their weights.
public struct CycleGANLosses: Equatable, Sendable {
  public var adversarialDefect = 0.0
  public var adversarialClean = 0.0
  public var cycleClean = 0.0
  public var cycleDefect = 0.0
  public var identityDefect = 0.0
  public var identityClean = 0.0
  public var discriminatorDefect = 0.0
  public var discriminatorClean = 0.0

  public static let names = [
    "adversarial_defect", "adversarial_clean", "cycle_clean", "cycle_defect", "identity_defect", "identity_clean",
    "discriminator_defect", "discriminator_clean",
  ]

  /// In the order of `names`.
  public var values: [Double] {
    [
      adversarialDefect, adversarialClean, cycleClean, cycleDefect, identityDefect, identityClean, discriminatorDefect,
      discriminatorClean,
    ]
  }

  /// Who descends a sum of these losses.
  enum Networks: String {
    case generators, discriminators

    func requireFinite(_ loss: Double, step: Int) throws(TorchError) {
      guard loss.isFinite else {
        throw TorchError(
          .operation,
          "the loss of the \(rawValue) became \(loss) in step \(step): the last checkpoint is good; lower the learning rate"
        )
      }
    }
  }

  /// The losses of one step where they were computed: the device may still be at it, and only `read` waits.
  public struct Pending {
    /// The step that they are of, counted from 1.
    public let step: Int
    /// float32 [10]: the losses in the order of `names`, the generators' sum, the discriminators' sum.
    private let values: Tensor

    init(step: Int, losses: [Tensor], generators: Tensor, discriminators: Tensor) throws(TorchError) {
      precondition(losses.count == CycleGANLosses.names.count)
      self.step = step
      var scalars: [Tensor] = []
      for loss in losses + [generators, discriminators] {
        scalars.append(try loss.detached().converted(to: .float32))
      }
      values = try Tensor.stacked(scalars)
    }

    /// Waits for the step and gives its losses.
    ///
    /// - Throws: `TorchError` when one is no finite number; no weight has seen it.
    public func read() throws(TorchError) -> CycleGANLosses {
      let numbers = try values.elements(as: Float.self).map(Double.init)
      try Networks.generators.requireFinite(numbers[8], step: step)
      try Networks.discriminators.requireFinite(numbers[9], step: step)
      return CycleGANLosses(
        adversarialDefect: numbers[0], adversarialClean: numbers[1], cycleClean: numbers[2], cycleDefect: numbers[3],
        identityDefect: numbers[4], identityClean: numbers[5], discriminatorDefect: numbers[6],
        discriminatorClean: numbers[7])
    }
  }
}
