import Layers
import Torch

/// Gradient descent with momentum in PyTorch's form: b ← momentum · b + g, θ ← θ − rate · b.
///
/// The rate is outside the momentum (unlike Sutskever et al., 2013, and TensorFlow), and b starts as the first gradient.
/// Nesterov's variant steps by g + momentum · b. Weight decay adds decay · θ to g.
public final class SGD: Optimizer {
  public var learningRate: Double
  public let parameters: NamedParameters
  public let momentum: Double
  public let nesterov: Bool
  public let weightDecay: Double

  /// By the parameter's place; none before its first gradient, and none ever without momentum.
  private var velocities: [Tensor?]

  public init(
    _ parameters: NamedParameters, learningRate: Double, momentum: Double = 0, nesterov: Bool = false,
    weightDecay: Double = 0
  ) {
    precondition(learningRate >= 0 && (0..<1).contains(momentum) && weightDecay >= 0)
    precondition(!nesterov || momentum > 0, "Nesterov's variant needs a momentum")
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
    velocities = Array(repeating: nil, count: parameters.items.count)
  }

  public func step() throws(TorchError) {
    try withoutGradients { () throws(TorchError) in
      for (place, item) in parameters.items.enumerated() {
        let tensor = item.parameter.tensor
        guard var slope = try tensor.gradient() else { continue }
        if weightDecay > 0 { slope = try slope + tensor * weightDecay }
        if momentum > 0 { slope = try velocity(place, slope) }
        try tensor.add(slope, scale: -learningRate)
      }
    }
  }

  /// Moves the velocity by the slope and gives the direction of the step.
  private func velocity(_ place: Int, _ slope: Tensor) throws(TorchError) -> Tensor {
    guard let velocity = velocities[place] else {
      velocities[place] = try slope.cloned()
      return nesterov ? try slope * (1 + momentum) : slope
    }
    try velocity.scale(by: momentum)
    try velocity.add(slope)
    return nesterov ? try slope + velocity * momentum : velocity
  }

  /// `<name>.momentum_buffer` of every parameter that has been stepped with momentum.
  public func stateTensors() throws(TorchError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (item, velocity) in zip(parameters.items, velocities) { state["\(item.name).momentum_buffer"] = velocity }
    return state
  }

  public func restore(_ state: [String: Tensor]) throws {
    let entries = try SavedState(state, of: parameters, kinds: momentum > 0 ? ["momentum_buffer"] : [])
    velocities = entries.byParameter { $0["momentum_buffer"] }
  }
}
