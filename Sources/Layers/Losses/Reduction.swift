import Torch

/// What a loss makes of its terms.
public enum Reduction: Sendable {
  case mean, sum
  /// The terms stay as they are.
  case none

  func callAsFunction(_ terms: Tensor) throws(TorchError) -> Tensor {
    switch self {
    case .mean: try terms.mean()
    case .sum: try terms.sum()
    case .none: terms
    }
  }
}
