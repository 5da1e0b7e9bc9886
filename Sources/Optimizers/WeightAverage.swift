import Files
import Layers
import Torch

/// An exponential moving average of a module's parameters: average ← decay · average + (1 − decay) · weight.
///
/// It starts as the weights themselves. Buffers are not averaged.
public final class WeightAverage {
  public let decay: Double
  public let parameters: NamedParameters
  private let averages: [Tensor]

  public init(of parameters: NamedParameters, decay: Double = 0.999) throws(TorchError) {
    precondition((0...1).contains(decay), "a decay is within 0 ... 1")
    self.parameters = parameters
    self.decay = decay
    var averages: [Tensor] = []
    for (_, parameter) in parameters.items { averages.append(try parameter.tensor.detached().cloned()) }
    self.averages = averages
  }

  /// Moves the averages towards the weights; once after each optimizer step.
  public func update() throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (item, average) in zip(parameters.items, averages) {
        try average.interpolate(to: item.parameter.tensor, weight: 1 - decay)
      }
    }
  }

  /// Runs `body` with the averages in the module's place of the weights, which return afterwards, exactly.
  public func applied<Result>(_ body: () throws -> Result) throws -> Result {
    var weights: [Tensor] = []
    for (_, parameter) in parameters.items { weights.append(try parameter.tensor.detached().cloned()) }
    let outcome: Swift.Result<Result, any Error>
    do {
      try write(averages)
      outcome = .success(try body())
    } catch {
      outcome = .failure(error)
    }
    try write(weights)
    return try outcome.get()
  }

  private func write(_ values: [Tensor]) throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (item, value) in zip(parameters.items, values) { try item.parameter.tensor.copy(from: value) }
    }
  }

  /// The averages by the parameters' names, sharing memory: clone what must not change.
  public func stateTensors() -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: zip(parameters.items.map(\.name), averages))
  }

  /// - Throws: `InputError` that lists what does not fit, before anything is changed.
  public func restore(_ state: [String: Tensor]) throws {
    let own = zip(parameters.items, averages).map { (name: $0.name, shape: $1.shape) }
    let report = LoadReport(own: own, given: state.mapValues(\.shape))
    guard report.isComplete else {
      throw InputError(
        at: "weight averages", expected: "one for each of \(own.count) parameters", found: report.description,
        remedy: "Check that the checkpoint belongs to the same model")
    }
    for (item, average) in zip(parameters.items, averages) {
      if let saved = state[item.name] { try average.copy(from: saved) }
    }
  }
}
