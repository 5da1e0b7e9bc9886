import Files
import Optimizers

/// How long a run is: at full learning rate, then decaying to nothing; counted in epochs or in steps.
public struct TrainingLength: Codable, Equatable, Sendable {
  public enum Unit: String, Codable, Sendable { case epochs, steps }

  public var unit: Unit
  /// Units at the full rate.
  public var constant: Int
  /// Units over which the rate falls linearly.
  public var decay: Int

  public init(_ unit: Unit, constant: Int, decay: Int) {
    self.unit = unit
    self.constant = constant
    self.decay = decay
  }

  /// The published 100 + 100 epochs.
  public static let reference = TrainingLength(.epochs, constant: 100, decay: 100)

  /// So many steps, the second half decaying.
  public static func steps(_ count: Int) -> TrainingLength {
    TrainingLength(.steps, constant: count - count / 2, decay: count / 2)
  }

  public func totalSteps(stepsPerEpoch: Int) -> Int {
    (constant + decay) * (unit == .epochs ? stepsPerEpoch : 1)
  }

  /// The factor on the learning rate in step `step` (from 0).
  ///
  /// In epochs it changes between epochs only, as published.
  public func factor(step: Int, stepsPerEpoch: Int) -> Double {
    LearningRateSchedule.linearDecay(constantEpochs: constant, decayEpochs: decay)
      .factor(at: unit == .epochs ? step / stepsPerEpoch : step)
  }

  func check() throws {
    let most = 100_000_000
    guard (0...most).contains(constant), (0...most).contains(decay), constant + decay > 0 else {
      throw InputError(
        at: "training length", expected: "1 to \(most) \(unit.rawValue)", found: "\(constant) and \(decay)")
    }
  }
}
