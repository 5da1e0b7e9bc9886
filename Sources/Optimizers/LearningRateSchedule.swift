import Files
import Foundation

/// The learning rate as a multiple of the first, as a function of the epoch (or step) alone, counted from 0.
public enum LearningRateSchedule: Codable, Equatable, Sendable {
  case constant
  /// 1 for the first epochs, then down a straight line that would reach 0 one epoch after the last:
  /// 1 − max(0, e − constantEpochs + 1) / (decayEpochs + 1).
  ///
  /// With 100 and 100, CycleGAN's: epoch 100 trains at 0.990, epoch 199 at 0.0099.
  case linearDecay(constantEpochs: Int, decayEpochs: Int)
  /// Half a cosine from 1 to `minimum` over `epochs`, and `minimum` ever after, where PyTorch's climbs again
  /// (Loshchilov and Hutter, 2017, equation 5).
  case cosine(epochs: Int, minimum: Double = 0)
  /// Times `factor` after every `epochs`.
  case step(epochs: Int, factor: Double)

  /// In 0 ... 1, unless a step's factor exceeds 1. The settings must be those that `validate` accepts.
  public func factor(at epoch: Int) -> Double {
    precondition(epoch >= 0, "epochs count from 0")
    switch self {
    case .constant: return 1
    case .linearDecay(let constant, let decay):
      return max(0, 1 - max(0, Double(epoch - constant + 1)) / Double(decay + 1))
    case .cosine(let epochs, let minimum):
      let progress = min(1, Double(epoch) / Double(epochs))
      return minimum + (1 - minimum) * (1 + cos(.pi * progress)) / 2
    case .step(let epochs, let factor): return pow(factor, Double(epoch / epochs))
    }
  }

  /// - Throws: `InputError` when a number is outside its range, at the given place.
  public func validate(at place: String) throws {
    switch self {
    case .constant: break
    case .linearDecay(let constant, let decay):
      try require(constant >= 0, "\(place).constantEpochs", "0 or more", constant)
      try require((0..<Int.max).contains(decay), "\(place).decayEpochs", "0 or more", decay)
    case .cosine(let epochs, let minimum):
      try require(epochs >= 1, "\(place).epochs", "1 or more", epochs)
      try require((0...1).contains(minimum), "\(place).minimum", "a number within 0 ... 1", minimum)
    case .step(let epochs, let factor):
      try require(epochs >= 1, "\(place).epochs", "1 or more", epochs)
      try require(factor > 0 && factor.isFinite, "\(place).factor", "a number above 0", factor)
    }
  }

  private func require(_ good: Bool, _ place: String, _ expected: String, _ found: some Any) throws {
    guard good else { throw InputError(at: place, expected: expected, found: "\(found)") }
  }
}
