import Layers
import Runs
import Torch

/// The norm of one step's change over that of the weight, of every weight but biases and norms (Karpathy 2019: about 1e-3).
struct UpdateRatios {
  /// Those of the last of so many steps count: Adam's first is one of its rate whatever the gradient.
  static let steps = 3

  /// By the parameters' names.
  private var ratios: [String: Double] = [:]

  /// - Parameters:
  ///   - parameters: all of them, as they are when it is asked.
  ///   - train: one step, from 0.
  init(
    of parameters: () throws -> [(name: String, parameter: Parameter)], train: (_ step: Int) throws -> Void
  ) throws {
    for step in 0..<Self.steps {
      let weights = try parameters().filter { $0.parameter.tensor.rank > 1 }
      let before = try weights.map { try $0.parameter.tensor.detached().cloned() }
      try train(step)
      for (weight, old) in zip(weights, before) {
        let norm = try old.norm().item()
        ratios[weight.name] =
          norm == 0 ? 0 : try (weight.parameter.tensor.detached() - old).norm().item() / norm
      }
    }
  }

  /// By the median.
  var outcome: Outcome {
    let sorted = ratios.sorted { $0.value < $1.value }
    guard let lowest = sorted.first, let highest = sorted.last else {
      return .notRun("there are no weights of two dimensions")
    }
    let median = sorted[sorted.count / 2].value
    let measures: [CheckResult.Measure] = [
      .init("median", median, "1e-05 … 0.1"), .init("lowest, \(lowest.key)", lowest.value),
      .init("highest, \(highest.key)", highest.value),
    ]
    let finding = "a step changes weights by \(median.short) of their size"
    if (1e-5...0.1).contains(median) { return Outcome(.pass, finding, measures: measures) }
    let verdict: CheckVerdict = (0...1).contains(median) && median > 0 ? .warn : .fail
    return Outcome(verdict, finding + (median < 1e-5 ? ": hardly" : ": too much"), measures: measures)
  }
}
